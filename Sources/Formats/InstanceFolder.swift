// SPDX-License-Identifier: GPL-3.0-or-later

/// The instance folder: `instance.yaml` with its tables, as FORMATS.md section 2 describes it.
public enum InstanceFolder {}
