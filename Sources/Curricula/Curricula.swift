// SPDX-License-Identifier: GPL-3.0-or-later

/// Credit checks, formation of sections, calculation of load, and the declaration of the timetable.
public enum Curricula {}
