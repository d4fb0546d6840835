// SPDX-License-Identifier: GPL-3.0-or-later
import University

/// Rule T4.
///
/// **Source**: FORMATS.md section 2 (`pins.csv`), 4.5, exact reading 8.
enum PinRules {
  /// Without times only the pinned teachers are judged.
  static func judge(_ index: PlanIndex, withTimes: Bool, into report: inout ScoreReport) {
    for pin in index.institution.pins {
      let group = pin.group.map { " \($0)" } ?? ""
      let line = pin.line > 0 ? ":\(pin.line)" : ""
      let name = "pins.csv\(line) (\(pin.discipline) \(pin.kind.rawValue)\(group))"
      let held = sections(of: pin, index)
      let faults = held.map { fault(of: pin, index.sections[$0], index, withTimes) }
      if held.isEmpty {
        report.add(.t4) {
          "\(name): " + $0.says("мұндай секция жоқ", "такой секции нет", "no section holds it")
        }
      } else if pin.group != nil {
        // On a tie any of the sections may hold the pin.
        if let fault = faults[0], faults.allSatisfy({ $0 != nil }) {
          report.add(.t4) { told(name, index.sections[held[0]].row.id, fault, $0) }
        }
      } else {
        for (section, fault) in zip(held, faults) {
          if let fault {
            report.add(.t4) { told(name, index.sections[section].row.id, fault, $0) }
          }
        }
      }
    }
  }

  private static func told(
    _ name: String, _ section: SectionID, _ fault: Wording, _ language: Language
  ) -> String {
    language.says(
      "\(name): \(section) секциясы \(fault[language])",
      "\(name): секция \(section) \(fault[language])",
      "\(name): section \(section) \(fault[language])")
  }

  /// The sections that a pin is about: those with most students of its group, else all.
  private static func sections(of pin: Pin, _ index: PlanIndex) -> [Int] {
    let discipline = index.institution.disciplines.position(of: pin.discipline)
    let all = index.sections.indices.filter {
      index.sections[$0].discipline == discipline && index.sections[$0].kind == pin.kind
    }
    guard let id = pin.group else { return all }
    guard let group = index.institution.groups.position(of: id) else { return [] }
    let counts = all.map { section in
      index.sections[section].students.count { index.groupOfStudent[$0] == group }
    }
    let most = counts.max() ?? 0
    return most == 0 ? [] : zip(all, counts).filter { $1 == most }.map { $0.0 }
  }

  /// What a section breaks of a pin; nil when it holds.
  private static func fault(
    of pin: Pin, _ section: SectionFacts, _ index: PlanIndex, _ withTimes: Bool
  ) -> Wording? {
    if let teacher = pin.teacher,
      section.teachers.map({ index.institution.teachers[$0].id }) != [teacher]
    {
      return Wording(
        "\(teacher) жүргізбейді", "ведётся не преподавателем \(teacher)",
        "is not held by \(teacher)")
    }
    guard withTimes else { return nil }
    let meetings = section.meetings.map { index.meetings[$0] }
    func fits(_ meeting: MeetingFacts) -> Bool {
      (pin.weeks == nil || pin.weeks?.bits == meeting.weeks)
        && (pin.day == nil || pin.day == meeting.row.day)
        && (pin.slot == nil || pin.slot == meeting.row.slot)
        && (pin.room == nil || (pin.room == meeting.row.room && !meeting.isOnline))
    }
    if pin.day != nil || pin.slot != nil {
      return meetings.contains(where: fits)
        ? nil
        : Wording(
          "бекітілген уақытта және аудиторияда өтпейді",
          "не имеет занятия в закреплённое время и в закреплённой аудитории",
          "has no meeting at the pinned time and room")
    }
    if pin.room != nil || pin.weeks != nil {
      return !meetings.isEmpty && meetings.allSatisfy(fits)
        ? nil
        : Wording(
          "бекітілген аудиториядан немесе апталардан тыс өтеді",
          "имеет занятие вне закреплённой аудитории или недель",
          "has a meeting outside the pinned room or weeks")
    }
    return nil
  }
}
