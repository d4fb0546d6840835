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

  @OptionGroup var printing: PrintingOptions

  func validate() throws {
    if let date, CalendarDate(date) == nil {
      throw ValidationError("--date takes a date such as 2025-10-07.")
    }
  }

  func run() throws {
    let console = printing.console
    try console.run {
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
          console.say("\(meeting.id): \(described(meeting))")
        }
      }
      console.say("\(possible) of \(people.count) competent for the discipline can take it")
      for person in people.prefix(top) { console.say("  " + line(person, hand.institution)) }
      let code = possible > 0 ? ExitCode.success : ExitCode(1)
      try console.emit(
        SubstituteJSON(
          exit_status: code.rawValue,
          people: people.map { .init($0, hand.institution) }))
      return code
    }
  }

  private func line(_ person: Substitute, _ institution: Institution) -> String {
    let name = institution.teachers[person.teacher]?.name ?? ""
    var notes = ["\(shown(person.hoursLeft)) hours left", "\(person.hoursOfDay) that day"]
    if person.isOfDepartment { notes.append("of the department") }
    if person.taughtBefore { notes.append("taught it before") }
    if person.knowsStudents { notes.append("knows the students") }
    if person.gaps > 0 { notes.append("+\(person.gaps) gaps") }
    if person.newDays > 0 { notes.append("would come for this alone") }
    let verdict =
      person.isPossible
      ? "can" : "cannot: " + person.obstacles.prefix(4).map(Self.reason).joined(separator: "; ")
    return "\(person.teacher) \(name): \(verdict) (\(notes.joined(separator: ", ")))"
  }

  static func reason(_ obstacle: Substitute.Obstacle) -> String {
    switch obstacle {
    case .busy(let meeting): "holds \(meeting)"
    case .forbidden: "the time is forbidden to them"
    case .tooFar(let meeting): "no time for the way from or to \(meeting)"
    case .tooLong(let hours, let limit): "\(hours) hours that day, allowed are \(limit)"
    case .noHoursLeft(let hours, let limit):
      "\(shown(hours)) hours in the term, allowed are \(shown(limit))"
    case .examiner: "examines these students in it"
    case .chosen(let students, let teacher):
      "\(students) \(students == 1 ? "student" : "students") chose \(teacher)"
    case .unfit(.notCompetent): "not competent for this kind of class"
    case .unfit(.mayNotLecture): "the position may not lecture"
    case .unfit(.surveyTooLow): "survey below the policy's least"
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

      init(_ row: Substitute, _ institution: Institution) {
        teacher = row.teacher.text
        name = institution.teachers[row.teacher]?.name ?? ""
        can = row.isPossible
        obstacles = row.obstacles.map(SubstituteCommand.reason)
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
