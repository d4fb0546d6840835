// SPDX-License-Identifier: GPL-3.0-or-later

/// The version that plans and pages name.
public let kesteVersion = "0.1.0"
