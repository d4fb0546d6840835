// SPDX-License-Identifier: GPL-3.0-or-later

/// What follows from curricula and enrolments: credit checks, formation of sections, teaching load.
public enum Curricula {}
