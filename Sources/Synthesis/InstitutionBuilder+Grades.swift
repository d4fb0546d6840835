// SPDX-License-Identifier: GPL-3.0-or-later
internal import University

extension InstitutionBuilder {
  /// Marks of all terms before the current one, so that nothing contradicts the enrolments.
  ///
  /// Who retakes a discipline has F in it. Three marks of a hundred are FX with a passed resit; some
  /// students owe a discipline of the last spring, which is not held now. Every year's GPA is the
  /// least one or more, as students below it would have stayed in the year. Shares after POLICY.md
  /// 4.7.
  mutating func markEarlierTerms() {
    var random = random("grades")
    var retaken: [[Int]] = Array(repeating: [], count: groupOf.count)
    var taken: [[Int]] = retaken
    for enrolment in enrolments {
      taken[enrolment.student].append(enrolment.discipline)
      if enrolment.status == .retake { retaken[enrolment.student].append(enrolment.discipline) }
    }
    for group in groups where group.term > 1 {
      let plan = programmes[group.programme].plan.filter { $0.line.term < group.term }
        .sorted { $0.line.term < $1.line.term }
      for student in group.students {
        let needed = Set(taken[student].flatMap { disciplines[$0].prerequisites })
        // A student's marks lie about a mean of his or her own.
        let ability = 76 + random.normalThousandths() * 9 / 1000
        var marks: [Mark] = []
        for (line, alternatives) in plan {
          let discipline = line.isChoice ? random.pick(alternatives) : alternatives[0]
          let points = min(100, max(50, ability + random.normalThousandths() * 8 / 1000))
          var mark = Mark(discipline: discipline, term: line.term, points: points)
          let isHeld = line.hours.reduce(0, +) > 0
          if retaken[student].contains(discipline) {
            mark.points = random.below(25)
            mark.isDebt = true
          } else if isHeld && line.term == group.term - 1 && random.chance(perMille: 8)
            && !needed.contains(disciplines[discipline].id)
          {
            mark.points = random.below(25)
            mark.isDebt = true
          } else if isHeld && random.chance(perMille: 30) {
            mark.firstPoints = 25 + random.below(25)
          }
          marks.append(mark)
        }
        raise(&marks, of: group)
        for mark in marks { append(mark, of: student) }
      }
    }
  }

  /// A mark of an earlier term.
  private struct Mark {
    var discipline: Int
    var term: Int
    var points: Int
    /// The mark before a resit.
    var firstPoints: Int?
    /// Whether the student still owes the discipline.
    var isDebt = false
  }

  /// Raises the lowest passes of each finished year until its GPA is enough.
  private func raise(_ marks: inout [Mark], of group: OpenGroup) {
    let level = programmes[group.programme].level
    for year in 1...max(1, group.term / 2) {
      let terms = 2 * year - 1...2 * year
      guard let least = institution.policy.leastGPA(level, .fullTime, year: year) else { continue }
      let ofYear = marks.indices.filter { terms.contains(marks[$0].term) }
      guard !ofYear.isEmpty else { continue }
      func isEnough() -> Bool {
        let results = ofYear.map {
          (
            letter: LetterGrade(points: Double(marks[$0].points)),
            credits: disciplines[marks[$0].discipline].credits
          )
        }
        return GPA(results).map { $0.value >= least } ?? true
      }
      let passes = ofYear.filter { !marks[$0].isDebt }
      while !isEnough() {
        guard let lowest = passes.min(by: { marks[$0].points < marks[$1].points }),
          marks[lowest].points < 100
        else { break }
        marks[lowest].points = min(100, marks[lowest].points + 5)
      }
    }
  }

  private mutating func append(_ mark: Mark, of student: Int) {
    for points in [mark.firstPoints, mark.points] {
      guard let points else { continue }
      institution.grades.append(
        Grade(
          student: studentIDs[student], discipline: disciplines[mark.discipline].id,
          term: mark.term, points: Double(points)))
    }
  }
}
