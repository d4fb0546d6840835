// SPDX-License-Identifier: GPL-3.0-or-later
import ArgumentParser
import Formats
import Foundation
import Reports
import University
import Validation

/// A student's marks and enrolments.
struct TranscriptCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "transcript",
    abstract: "A student's marks, credits and GPA, and what he or she takes now.",
    discussion: """
      Every mark of grades.csv, resits included; credits earned and GPA by term and in all, where \
      the last mark of a discipline counts; the enrolments of the term.

        keste transcript instances/aues-demo S2400001 -o transcript.html --language en

      Exit status: 0 done; 2 input rejected, nothing written; 64 wrong usage.
      """)

  @Argument(help: "The instance folder.")
  var instance: String

  @Argument(help: "The student.")
  var student: String

  @Option(name: [.customShort("o"), .customLong("output")], help: "The page (HTML) to write.")
  var page: String?

  @Option(
    name: [.customLong("language"), .customLong("lang")],
    help: "The page's language: kk, ru or en (default: the instance's).")
  var language: String?

  @OptionGroup var printing: PrintingOptions

  func validate() throws {
    if let language, Language(rawValue: language) == nil {
      throw ValidationError("--language must be kk, ru or en.")
    }
  }

  func run() throws {
    let console = printing.console
    try console.run(language.flatMap(Language.init)) {
      let institution = try InstanceFolder.read(instance).institution
      guard let at = institution.students.position(of: StudentID(student)) else {
        throw InputRejected([
          Diagnostic(
            .error, code: "reference.unknown", file: "students.csv", column: "student",
            value: student, problem: "there is no such student")
        ])
      }
      let transcript = Transcripts(institution)[at]
      let promotion = Transcripts(institution).promotion(of: at)
      say(institution, at, transcript, promotion, console)
      if let page {
        let tongue = language.flatMap(Language.init(rawValue:)) ?? institution.language
        let text = RegistrarReport(institution).transcript(of: StudentID(student), in: tongue)
        try AtomicFile.write(text ?? "", to: page)
        console.say("written: \(page)")
      }
      try console.emit(json(institution, at, transcript, promotion))
      return .success
    }
  }

  private func say(
    _ institution: Institution, _ at: Int, _ transcript: Transcript, _ promotion: Promotion?,
    _ console: Console
  ) {
    let person = institution.students[at]
    console.say("\(person.id) \(person.name), group \(person.group)")
    var rows = [["discipline", "term", "credits", "points", "letter", "equivalent"]]
    for (grade, credits) in zip(transcript.grades, transcript.credits) {
      rows.append([
        grade.discipline.text, String(grade.term), shown(credits), shown(grade.points),
        grade.letter.rawValue, GPA(hundredths: grade.letter.hundredths).description,
      ])
    }
    for line in tabulated(rows) { console.say(line) }
    for term in Set(transcript.grades.map(\.term)).sorted() {
      console.say(
        "term \(term): \(shown(transcript.earned(in: term...term))) credits earned, GPA "
          + (transcript.gpa(in: term...term)?.description ?? "-"))
    }
    let last = max(1, transcript.grades.last?.term ?? 1)
    console.say(
      "in all: \(shown(transcript.earned(in: 1...last))) credits earned, GPA "
        + (transcript.gpa(in: 1...last)?.description ?? "-"))
    if let promotion {
      console.say(
        "year \(promotion.year): GPA \(promotion.gpa?.description ?? "-"), needed "
          + "\(promotion.required?.description ?? "-"): \(promotion.decision.rawValue)")
    }
    var now = [["now", "status", "credits"]]
    for enrolment in institution.enrolments where enrolment.student == person.id {
      let credits = institution.disciplines[enrolment.discipline]?.credits ?? 0
      now.append([enrolment.discipline.text, enrolment.status.rawValue, shown(credits)])
    }
    for line in tabulated(now, leading: 2) { console.say(line) }
  }

  private func json(
    _ institution: Institution, _ at: Int, _ transcript: Transcript, _ promotion: Promotion?
  ) -> TranscriptJSON {
    let person = institution.students[at]
    let last = max(1, transcript.grades.last?.term ?? 1)
    return TranscriptJSON(
      student: person.id.text, name: person.name, group: person.group.text,
      marks: zip(transcript.grades, transcript.credits).map { grade, credits in
        TranscriptJSON.Mark(
          discipline: grade.discipline.text, term: grade.term, credits: credits,
          points: grade.points, letter: grade.letter.rawValue,
          equivalent: Double(grade.letter.hundredths) / 100)
      },
      credits_earned: transcript.earned(in: 1...last),
      gpa: transcript.gpa(in: 1...last)?.value, year: promotion?.year,
      gpa_year: promotion?.gpa?.value, gpa_required: promotion?.required?.value,
      decision: promotion?.decision.rawValue,
      enrolments: institution.enrolments.filter { $0.student == person.id }.map {
        TranscriptJSON.Taken(
          discipline: $0.discipline.text, status: $0.status.rawValue,
          credits: institution.disciplines[$0.discipline]?.credits ?? 0)
      })
  }

  private struct TranscriptJSON: Encodable {
    struct Mark: Encodable {
      var discipline: String
      var term: Int
      var credits: Double
      var points: Double
      var letter: String
      var equivalent: Double
    }
    struct Taken: Encodable {
      var discipline: String
      var status: String
      var credits: Double
    }
    var exit_status = 0
    var student: String
    var name: String
    var group: String
    var marks: [Mark]
    var credits_earned: Double
    var gpa: Double?
    var year: Int?
    var gpa_year: Double?
    var gpa_required: Double?
    var decision: String?
    var enrolments: [Taken]
  }
}
