// SPDX-License-Identifier: GPL-3.0-or-later
private import Foundation
public import University

/// Why a folder was not written.
public enum FolderWriteError: Error, Hashable, Sendable {
  /// Something that is not an instance folder is there already, and is left alone.
  case occupied(path: String)
}

extension FolderWriteError: CustomStringConvertible {
  /// What is wrong, and what would be right.
  public var description: String {
    switch self {
    case .occupied(let path):
      "\"\(path)\" exists and holds no instance.yaml: give the path of a new folder"
    }
  }
}

extension InstanceFolder {
  /// Writes `instance.yaml` and every table that is required or has rows.
  ///
  /// Everything is first written into a folder beside the target, which then takes its name, so
  /// that nobody ever sees half an instance. An instance that stands there already is replaced
  /// whole; any other folder that is not empty, and any file, is left alone.
  public static func write(
    _ institution: Institution, to path: String, dialect: CSVDialect = .comma
  ) throws {
    let files = FileManager.default
    let target = URL(fileURLWithPath: path).standardizedFileURL
    var isFolder: ObjCBool = false
    let exists = files.fileExists(atPath: target.path, isDirectory: &isFolder)
    if exists {
      let holdsInstance = files.fileExists(atPath: target.path + "/instance.yaml")
      let isEmpty =
        try isFolder.boolValue && files.contentsOfDirectory(atPath: target.path).isEmpty
      guard holdsInstance || isEmpty else { throw FolderWriteError.occupied(path: path) }
    }

    let parent = target.deletingLastPathComponent()
    try files.createDirectory(at: parent, withIntermediateDirectories: true)
    let mark = "\(target.lastPathComponent).\(ProcessInfo.processInfo.processIdentifier)"
    let fresh = parent.appendingPathComponent(".\(mark).new")
    let old = parent.appendingPathComponent(".\(mark).old")
    try? files.removeItem(at: fresh)
    try files.createDirectory(at: fresh, withIntermediateDirectories: false)
    do {
      for (name, bytes) in self.files(of: institution, dialect: dialect) {
        let file = fresh.appendingPathComponent(name)
        try files.createDirectory(
          at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: file)
      }
      if exists { try files.moveItem(at: target, to: old) }
      do {
        try files.moveItem(at: fresh, to: target)
      } catch {
        if exists { try? files.moveItem(at: old, to: target) }
        throw error
      }
      if exists { try files.removeItem(at: old) }
    } catch {
      try? files.removeItem(at: fresh)
      throw error
    }
  }

  /// The files of an instance folder with their bytes, by path within the folder.
  public static func files(
    of institution: Institution, dialect: CSVDialect = .comma
  ) -> [(name: String, bytes: [UInt8])] {
    var result = [("instance.yaml", Array(InstanceSettings.text(of: institution).utf8))]
    for table in tables(of: institution) where table.isRequired || !table.rows.isEmpty {
      result.append(("\(table.name).csv", table.bytes(dialect)))
    }
    return result
  }
}

/// A table that is about to be written.
private struct WrittenTable {
  var name: String
  /// Columns that are always written.
  var required: [String]
  /// Columns that are left out where no row fills them.
  var optional: [String] = []
  var isRequired = false
  var rows: [[CSVCell]] = []

  func bytes(_ dialect: CSVDialect) -> [UInt8] {
    let columns = (required + optional).enumerated().filter { index, _ in
      index < required.count || rows.contains { $0[index] != .empty && $0[index] != .text("") }
    }
    return CSVWriter.table(
      header: columns.map(\.element),
      rows: rows.lazy.map { row in columns.map { row[$0.offset] } },
      dialect: dialect)
  }
}

extension InstanceFolder {
  private static func tables(of institution: Institution) -> [WrittenTable] {
    places(institution) + people(institution) + studies(institution) + wishes(institution)
      + decided(institution) + records(institution)
  }

  private static func places(_ it: Institution) -> [WrittenTable] {
    [
      WrittenTable(
        name: "buildings", required: ["building", "name"], isRequired: true,
        rows: it.buildings.map { [id($0.id), .text($0.name)] }),
      WrittenTable(
        name: "travel", required: ["from", "to", "minutes"],
        rows: it.travel.map { [id($0.from), id($0.to), .integer($0.minutes)] }),
      WrittenTable(
        name: "rooms", required: ["room", "building", "capacity", "kind"], optional: ["features"],
        isRequired: true,
        rows: it.rooms.map {
          [
            id($0.id), id($0.building), .integer($0.capacity), .text($0.kind),
            .list($0.features.sorted()),
          ]
        }),
    ]
  }

  private static func people(_ it: Institution) -> [WrittenTable] {
    [
      WrittenTable(
        name: "departments", required: ["department", "name"], optional: ["institute"],
        isRequired: true,
        rows: it.departments.map { [id($0.id), .text($0.name), .text($0.institute)] }),
      WrittenTable(
        name: "teachers", required: ["teacher", "name", "department", "position", "rate"],
        optional: [
          "norm_hours", "min_hours", "max_hours", "max_hours_per_day", "survey", "complaints",
        ],
        isRequired: true,
        rows: it.teachers.map {
          [
            id($0.id), .text($0.name), id($0.department), .text($0.position), .decimal($0.rate),
            .decimal($0.normHours), .decimal($0.minHours), .decimal($0.maxHours),
            .integer($0.maxHoursPerDay), .decimal($0.survey),
            $0.complaints == 0 ? .empty : .integer($0.complaints),
          ]
        }),
      WrittenTable(
        name: "competences", required: ["teacher", "discipline", "kinds"],
        optional: ["preference", "taught_before", "survey"], isRequired: true,
        rows: it.competences.map { row in
          [
            id(row.teacher), id(row.discipline),
            .list(CompetenceKind.allCases.filter { row.kinds.contains($0) }.map(\.rawValue)),
            row.preference == 0 ? .empty : .integer(row.preference),
            row.taughtBefore ? .integer(1) : .empty, .decimal(row.survey),
          ]
        }),
    ]
  }

  private static func studies(_ it: Institution) -> [WrittenTable] {
    [
      WrittenTable(
        name: "programmes", required: ["programme", "name", "level", "form"],
        optional: ["total_credits"], isRequired: true,
        rows: it.programmes.map {
          [
            id($0.id), .text($0.name), .text($0.level.rawValue), .text($0.form.rawValue),
            .integer($0.totalCredits),
          ]
        }),
      disciplines(it),
      WrittenTable(
        name: "curriculum", required: ["programme", "entry_year", "term", "discipline"],
        optional: ["choice"], isRequired: true,
        rows: it.curriculum.map {
          [
            id($0.programme), .integer($0.entryYear), .integer($0.term), id($0.discipline),
            .text($0.choice),
          ]
        }),
      WrittenTable(
        name: "groups", required: ["group", "programme", "entry_year", "term", "language"],
        optional: ["advisor"], isRequired: true,
        rows: it.groups.map {
          [
            id($0.id), id($0.programme), .integer($0.entryYear), .integer($0.term),
            .text($0.language.rawValue), .text($0.advisor?.text),
          ]
        }),
      WrittenTable(
        name: "students", required: ["student", "group"], optional: ["name"], isRequired: true,
        rows: it.students.map { [id($0.id), id($0.group), .text($0.name)] }),
      WrittenTable(
        name: "enrolments", required: ["student", "discipline"],
        optional: ["language", "lecture_teacher", "practice_teacher", "status"], isRequired: true,
        rows: it.enrolments.map { row in
          let ofGroup = it.students[row.student].flatMap { it.groups[$0.group] }?.language
          return [
            id(row.student), id(row.discipline),
            row.language == ofGroup ? .empty : .text(row.language.rawValue),
            .text(row.lectureTeacher?.text), .text(row.practiceTeacher?.text),
            row.status == .first ? .empty : .text(row.status.rawValue),
          ]
        }),
    ]
  }

  private static func disciplines(_ it: Institution) -> WrittenTable {
    WrittenTable(
      name: "disciplines",
      required: ["discipline", "name", "department", "credits", "lecture", "practice", "lab"],
      optional: [
        "srop", "sro", "cycle", "component", "prerequisites", "control", "lecture_block",
        "practice_block", "lab_block", "lecture_rooms", "practice_rooms", "lab_rooms",
        "lecture_features", "practice_features", "lab_features", "group_cap", "subgroup_cap",
        "delivery", "name_kk", "name_ru", "name_en",
      ],
      isRequired: true,
      rows: it.disciplines.map { row in
        let kinds = TeachingKind.allCases
        var cells: [CSVCell] = [
          id(row.id), .text(row.name), id(row.department), .decimal(row.credits),
        ]
        cells += kinds.map { .integer(row.hours($0)) }
        cells += [
          .integer(row.srop), .integer(row.sro), .text(row.cycle?.rawValue),
          .text(row.component?.rawValue), .list(row.prerequisites.map(\.text)),
          .text(row.control?.rawValue),
        ]
        cells += kinds.map { .integer(row.blocks[$0]) }
        cells += kinds.map { .list(row.roomKinds[$0] ?? []) }
        cells += kinds.map { .list((row.features[$0] ?? []).sorted()) }
        cells += [
          .integer(row.groupCap), .integer(row.subgroupCap),
          row.delivery == .room ? .empty : .text(row.delivery.rawValue),
        ]
        cells += Language.allCases.map { .text(row.names[$0]) }
        return cells
      })
  }

  private static func wishes(_ it: Institution) -> [WrittenTable] {
    [
      WrittenTable(
        name: "availability",
        required: ["subject_kind", "subject", "day", "from", "to", "level"], optional: ["weeks"],
        rows: it.availability.map { row in
          let subject: [CSVCell] =
            switch row.subject {
            case .teacher(let teacher): ["teacher", id(teacher)]
            case .room(let room): ["room", id(room)]
            case .group(let group): ["group", id(group)]
            }
          return subject + [
            .text(row.day?.code ?? "all"), .integer(row.from), .integer(row.to),
            .text(row.level.rawValue),
            row.weeks == .all(row.weeks.weeks) ? .empty : .text(row.weeks.description),
          ]
        }),
      WrittenTable(
        name: "norms", required: ["work", "unit", "hours"], optional: ["control", "discipline"],
        rows: it.norms.map {
          [
            .text($0.work), .text($0.unit.rawValue), .decimal($0.hours),
            .text($0.control?.rawValue), .text($0.discipline?.text),
          ]
        }),
      WrittenTable(
        name: "pins", required: ["discipline", "kind"],
        optional: ["group", "teacher", "weeks", "day", "slot", "room"],
        rows: it.pins.map {
          [
            id($0.discipline), .text($0.kind.rawValue), .text($0.group?.text),
            .text($0.teacher?.text), .text($0.weeks?.description), .text($0.day?.code),
            .integer($0.slot), .text($0.room?.text),
          ]
        }),
    ]
  }

  private static func decided(_ it: Institution) -> [WrittenTable] {
    var result: [WrittenTable] = []
    if let sections = it.decidedSections {
      result.append(
        WrittenTable(
          name: "sections",
          required: ["section", "discipline", "kind", "language", "parent", "hours", "size"],
          isRequired: true,
          rows: sections.map {
            [
              id($0.id), id($0.discipline), .text($0.kind.rawValue), .text($0.language.rawValue),
              .text($0.parent?.text), .integer($0.hours), .integer($0.size),
            ]
          }))
      result.append(
        WrittenTable(
          name: "section_students", required: ["section", "student"], isRequired: true,
          rows: sections.flatMap { section in
            section.students.map { [id(section.id), id($0)] }
          }))
    }
    if let tasks = it.decidedTasks {
      result.append(
        WrittenTable(
          name: "load",
          required: ["task", "department", "discipline", "work", "section", "hours"],
          isRequired: true,
          rows: tasks.map {
            [
              id($0.id), id($0.department), id($0.discipline), .text($0.work.text), id($0.section),
              .number($0.hours.description),
            ]
          }))
    }
    if let assignments = it.decidedAssignments {
      result.append(
        WrittenTable(
          name: "assignments", required: ["task", "teacher", "hours"], isRequired: true,
          rows: assignments.map {
            [id($0.task), .text($0.teacher?.text), .number($0.hours.description)]
          }))
    }
    result.append(
      WrittenTable(
        name: "published/meetings",
        required: ["meeting", "section", "weeks", "day", "slot", "length", "room", "mode"],
        rows: it.publishedMeetings.map {
          [
            id($0.id), id($0.section), .text($0.weeks.digits), .text($0.day.code),
            .integer($0.slot), .integer($0.length), .text($0.room?.text), .text($0.mode.rawValue),
          ]
        }))
    return result
  }

  private static func records(_ it: Institution) -> [WrittenTable] {
    [
      WrittenTable(
        name: "attendance", required: ["date", "section", "student", "status"],
        optional: ["slot", "hours", "reason"],
        rows: it.attendance.map {
          [
            .text($0.date.description), id($0.section), id($0.student), .text($0.status.rawValue),
            .integer($0.slot), .integer($0.hours), .text($0.reason?.rawValue),
          ]
        }),
      WrittenTable(
        name: "held", required: ["date", "section", "status"],
        optional: ["slot", "new_date", "new_slot", "room", "teacher"],
        rows: it.held.map {
          [
            .text($0.date.description), id($0.section), .text($0.status.rawValue),
            .integer($0.slot), .text($0.newDate?.description), .integer($0.newSlot),
            .text($0.room?.text), .text($0.teacher?.text),
          ]
        }),
      WrittenTable(
        name: "grades", required: ["student", "discipline", "term", "points"],
        optional: ["credits"],
        rows: it.grades.map {
          [
            id($0.student), id($0.discipline), .integer($0.term), .decimal($0.points),
            .decimal($0.credits),
          ]
        }),
    ]
  }

  private static func id<Subject>(_ identifier: Identifier<Subject>) -> CSVCell {
    .text(identifier.text)
  }
}
