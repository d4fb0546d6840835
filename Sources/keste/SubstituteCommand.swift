// SPDX-License-Identifier: GPL-3.0-or-later
import ArgumentParser
import Foundation
import University
import Workflow

/// Who can take a class.
struct SubstituteCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "substitute",
    abstract: "Who can take a class in place of its teacher, ranked.",
    discussion: """
      Everybody with a competence for the discipline: first those against whom nothing stands \
      (competent for the kind of class, free, with time for the way, hours left in the term, not \
      over the policy's hours of a day), the most fitting first. With --date only the meeting of \
      that day counts, and not the load of the term.

        keste substitute instances/aues-demo plan --section MAT101-P-kk-1
        keste substitute instances/aues-demo plan --meeting MAT101-P-kk-1#1 --date 2025-10-07

      Exit status: 0 somebody can; 1 nobody can; 2 input rejected; 64 wrong usage.
      """)

  @Argument(help: "The instance folder.")
  var instance: String

  @Argument(help: "The plan folder.")
  var plan: String

  @OptionGroup var selection: MeetingSelection

  @Option(help: ArgumentHelp("Only for this date.", valueName: "yyyy-mm-dd"))
  var date: String?

  @Option(help: ArgumentHelp("How many people to print.", valueName: "n"))
  var top = 15

  @OptionGroup var speech: LanguageOption
  @OptionGroup var printing: PrintingOptions

  func validate() throws {
    if let date, CalendarDate(date) == nil {
      throw ValidationError("--date takes a date such as 2025-10-07.")
    }
  }

  func run() throws {
    let console = printing.console
    try console.run(speech.language) {
      let hand = try PlanInHand(instance: instance, plan: plan)
      for warning in hand.warnings { console.note("warning: \(warning)") }
      var events = try selection.events(in: hand)
      var scope = SubstitutionScope.term
      if let date = date.flatMap({ CalendarDate($0) }) {
        scope = .date(date)
        events = events.filter { event in
          guard let meeting = hand.meeting(of: event) else { return false }
          return (0..<hand.institution.term.weeks).contains {
            meeting.weeks.holds(week: $0)
              && hand.institution.term.date(week: $0, day: meeting.day) == date
          }
        }
        if events.isEmpty || hand.institution.holidays.contains(date) {
          throw InputRejected([
            Diagnostic(
              .error, code: "substitute.date", value: date.description,
              problem: "the class is not held on that date",
              suggestion: "give a date of its weeks and day that is no holiday")
          ])
        }
      }
      let people = hand.substitutes(for: events, scope: scope)
      let possible = people.count { $0.isPossible }
      for event in events {
        if let meeting = hand.meeting(of: event) {
          console.say("\(meeting.id): \(described(meeting, speech.language))")
        }
      }
      console.say(
        speech.language.says(
          "пәнге құзыретті \(people.count) оқытушының \(possible) жүргізе алады",
          "могут взять \(possible) из \(people.count) компетентных в дисциплине",
          "\(possible) of \(people.count) competent for the discipline can take it"))
      for person in people.prefix(top) {
        console.say("  " + SubstituteText(language: speech.language).line(person, hand.institution))
      }
      let code = possible > 0 ? ExitCode.success : ExitCode(1)
      try console.emit(
        SubstituteJSON(
          exit_status: code.rawValue,
          people: people.map { .init($0, hand.institution, speech.language) }))
      return code
    }
  }

  private struct SubstituteJSON: Encodable {
    struct Person: Encodable {
      var teacher: String
      var name: String
      var can: Bool
      var obstacles: [String]
      var hours_left: Double
      var hours_of_day: Int
      var gaps: Int
      var new_days: Int
      var preference: Int
      var taught_before: Bool
      var survey: Double
      var of_department: Bool
      var knows_students: Bool

      init(_ row: Substitute, _ institution: Institution, _ language: Language) {
        teacher = row.teacher.text
        name = institution.teachers[row.teacher]?.name ?? ""
        can = row.isPossible
        obstacles = row.obstacles.map(SubstituteText(language: language).reason)
        hours_left = row.hoursLeft
        hours_of_day = row.hoursOfDay
        gaps = row.gaps
        new_days = row.newDays
        preference = row.preference
        taught_before = row.taughtBefore
        survey = row.survey
        of_department = row.isOfDepartment
        knows_students = row.knowsStudents
      }
    }
    var exit_status: Int32
    var people: [Person]
  }
}

/// What is said of somebody who could take a class.
struct SubstituteText {
  let language: Language

  private func says(_ kk: String, _ ru: String, _ en: String) -> String {
    language.says(kk, ru, en)
  }

  /// Whether somebody can take it, why not, and what else speaks for or against it.
  func line(_ person: Substitute, _ institution: Institution) -> String {
    let left = shown(person.hoursLeft)
    let (day, gaps) = (person.hoursOfDay, person.gaps)
    var notes = [
      says("қалған сағат \(left)", "осталось часов \(left)", "\(left) hours left"),
      says("сол күні \(day)", "в тот день \(day)", "\(day) that day"),
    ]
    if person.isOfDepartment {
      notes.append(says("осы кафедрадан", "с этой кафедры", "of the department"))
    }
    if person.taughtBefore {
      notes.append(says("бұрын жүргізген", "вёл раньше", "taught it before"))
    }
    if person.knowsStudents {
      notes.append(says("студенттерді біледі", "знает студентов", "knows the students"))
    }
    if gaps > 0 {
      notes.append(says("терезе +\(gaps)", "окна +\(gaps)", "+\(gaps) gaps"))
    }
    if person.newDays > 0 {
      notes.append(
        says("тек осы үшін келеді", "придёт только ради этого", "would come for this alone"))
    }
    return "\(name(person, institution)): \(verdict(person)) (\(notes.joined(separator: ", ")))"
  }

  /// The id and the name.
  func name(_ person: Substitute, _ institution: Institution) -> String {
    "\(person.teacher) \(institution.teachers[person.teacher]?.name ?? "")"
  }

  /// Can, or cannot and why.
  func verdict(_ person: Substitute) -> String {
    person.isPossible
      ? says("алады", "может", "can")
      : says("ала алмайды: ", "не может: ", "cannot: ")
        + person.obstacles.prefix(4).map(reason).joined(separator: "; ")
  }

  /// What stands against somebody.
  func reason(_ obstacle: Substitute.Obstacle) -> String {
    switch obstacle {
    case .busy(let meeting):
      says("\(meeting) жүргізеді", "ведёт \(meeting)", "holds \(meeting)")
    case .forbidden:
      says("бұл уақытқа тыйым салынған", "это время запрещено", "the time is forbidden to them")
    case .tooFar(let meeting):
      says(
        "\(meeting) сабағына дейін не одан жолға уақыт жоқ",
        "нет времени на дорогу к \(meeting) или от него",
        "no time for the way from or to \(meeting)")
    case .tooLong(let hours, let limit):
      says(
        "сол күні \(hours) сағат, рұқсат \(limit)", "в тот день \(hours) ч, допустимо \(limit)",
        "\(hours) hours that day, allowed are \(limit)")
    case .noHoursLeft(let hours, let limit):
      says(
        "семестрде \(shown(hours)) сағат, рұқсат \(shown(limit))",
        "в семестре \(shown(hours)) ч, допустимо \(shown(limit))",
        "\(shown(hours)) hours in the term, allowed are \(shown(limit))")
    case .examiner:
      says(
        "бұл студенттерден осы пәннен емтихан алады", "принимает у этих студентов экзамен по ней",
        "examines these students in it")
    case .teaches(let section):
      says(
        "бұл студенттерді оқытады (\(section))", "учит этих студентов (\(section))",
        "teaches these students (\(section))")
    case .chosen(let students, let teacher):
      says(
        "\(students) студент \(teacher) таңдаған", "студенты (\(students)) выбрали \(teacher)",
        "\(students) \(students == 1 ? "student" : "students") chose \(teacher)")
    case .unfit(.notCompetent):
      says(
        "сабақтың бұл түріне құзыретті емес", "не компетентен для этого вида занятий",
        "not competent for this kind of class")
    case .unfit(.mayNotLecture):
      says(
        "лауазымы дәріске рұқсат бермейді", "должность без права лекций",
        "the position may not lecture")
    case .unfit(.surveyTooLow):
      says(
        "сауалнама бағасы төмен", "оценка анкетирования ниже порога",
        "survey below the policy's least")
    }
  }
}
