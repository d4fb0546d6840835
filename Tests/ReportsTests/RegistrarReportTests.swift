// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Testing
import University
import Validation

@testable import Reports

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite struct RegistrarReportTests {
  /// Twelve students past the first year: marks 45, 50 … 100 in D; the first of them owes E.
  private static func institution() -> Institution {
    let regime = Regime(name: "full", academicHourMinutes: 50, slotStarts: [480])
    var it = Institution(
      name: "registrar <&>", term: Term(id: "t", start: CalendarDate(dayNumber: 19_604), weeks: 15),
      regimes: [regime], regime: regime)
    it.programmes = Table([
      Programme(id: "P", name: "Energy", level: .bachelor, form: .fullTime)
    ])
    for id in ["D", "E"] {
      it.disciplines.append(
        Discipline(
          id: DisciplineID(id), name: "\(id) & co", department: "X", credits: 5, hours: [:]))
    }
    it.groups = Table([
      Group(id: "G", programme: "P", entryYear: 2022, term: 3, language: .kk)
    ])
    for number in 0..<12 {
      let id = StudentID("s\(number)")
      it.students.append(Student(id: id, group: "G", name: "Name \"\(number)\""))
      it.grades.append(
        Grade(student: id, discipline: "D", term: 1, points: 45 + 5 * Double(number)))
      it.grades.append(
        Grade(student: id, discipline: "E", term: 2, points: number == 0 ? 10 : 60))
      it.enrolments.append(Enrolment(student: id, discipline: "D", language: .kk))
    }
    return it
  }

  @Test func `a row tells GPA, what is needed, debts and the decision`() {
    let rows = RegistrarReport(Self.institution()).promotionRows
    #expect(rows.count == 12)
    #expect(
      rows[0] == [
        "s0", "Name \"0\"", "G", "P", "bachelor", "full_time", "1", "0.25", "0.25", "1.67", "0",
        "E", "D", "held",
      ])
    #expect(rows[1].suffix(7) == ["1.34", "1.34", "1.67", "10", "", "", "held"])
    #expect(rows[11].suffix(7) == ["2.84", "2.84", "1.67", "10", "", "", "promoted"])
    #expect(rows.allSatisfy { $0.count == RegistrarReport.promotionHeader.count })
  }

  @Test func `the summary counts by level, form and year`() throws {
    let summary = RegistrarReport(Self.institution()).summary
    let line = try #require(summary.first)
    #expect(summary.count == 1)
    #expect(line.students == 12)
    // D of 60 and E of 60 are 1.67 and enough.
    #expect(line.counts == [.held: 3, .promoted: 9])
  }

  @Test func `the curve counts those who passed, and is not drawn for fewer than ten`() {
    var it = Self.institution()
    let rows = RegistrarReport(it).distributionRows
    #expect(rows.map(\.[0]) == ["D", "E"])
    #expect(rows[0].prefix(5) == ["D", "1", "2022", "12", "11"])
    #expect(
      rows[0].suffix(10) == ["1", "100", "3", "85", "3", "70", "3", "55", "1", "50"])
    #expect(rows.allSatisfy { $0.count == RegistrarReport.distributionHeader.count })
    it.grades.removeAll { $0.points > 85 }
    #expect(RegistrarReport(it).distributionRows[0].suffix(10).allSatisfy { $0 == "n/a" })
  }

  @Test(arguments: Language.allCases)
  func `the pages are well-formed and in their language`(language: Language) throws {
    let report = RegistrarReport(Self.institution())
    let transcript = try #require(report.transcript(of: "s0", in: language))
    for page in [report.page(in: language), transcript] {
      #expect(XMLParser(data: Data(page.utf8)).parse())
      #expect(page.contains("lang=\"\(language.rawValue)\""))
    }
    #expect(transcript.contains(RegistrarPhrase.transcriptTitle.text(in: language)))
    #expect(report.transcript(of: "nobody", in: language) == nil)
  }

  @Test func `the pages of an institution without marks say so`() {
    var it = Self.institution()
    it.grades = []
    let report = RegistrarReport(it)
    #expect(report.promotionRows.allSatisfy { $0.last == "no_grades" })
    #expect(report.page(in: .en).contains("There are no marks"))
  }

  @Test func `every phrase is there in three languages`() {
    for phrase in RegistrarPhrase.allCases {
      for language in Language.allCases { #expect(!phrase.text(in: language).isEmpty) }
    }
  }
}
