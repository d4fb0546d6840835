// SPDX-License-Identifier: GPL-3.0-or-later

/// Why a teacher may not do a work.
public enum Unfitness: Sendable, Hashable {
  /// No row of `competences.csv` for the work.
  case notCompetent
  /// The position gives no right to lecture.
  case mayNotLecture
  /// The survey is below `min_lecture_survey`.
  case surveyTooLow
}

extension Institution {
  /// The norm of a teacher's hours in the term: `norm_hours`, else position × rate.
  public func norm(of teacher: Teacher) -> Double {
    teacher.normHours
      ?? (policy.position(teacher.position)?.termNormHours ?? 0) * teacher.rate
  }

  /// The most hours of a teacher in the term: `max_hours`, else norm × `overload_factor`.
  public func ceiling(of teacher: Teacher) -> Double {
    teacher.maxHours ?? norm(of: teacher) * policy.overloadFactor
  }

  /// The fewest hours of a teacher in the term.
  public func floor(of teacher: Teacher) -> Double { teacher.minHours ?? 0 }

  /// The most hours of a teacher in a day.
  public func dayLimit(of teacher: Teacher) -> Int {
    teacher.maxHoursPerDay ?? policy.teacherMaxHoursPerDay
  }

  /// Survey of the discipline, else of the teacher, else 4.
  public func survey(of teacher: Teacher, in discipline: DisciplineID) -> Double {
    competences[Competence.Key(teacher.id, discipline)]?.survey ?? teacher.survey ?? 4
  }

  /// Why a teacher may not do a work of a discipline (L3); nil when the teacher may.
  public func unfitness(
    of teacher: Teacher, for work: Work, in discipline: DisciplineID
  ) -> Unfitness? {
    let kind: CompetenceKind =
      switch work {
      case .teaching(.lecture): .lecture
      case .teaching(.practice): .practice
      case .teaching(.lab): .lab
      case .norm: .other
      }
    guard let competence = competences[Competence.Key(teacher.id, discipline)],
      competence.kinds.contains(kind)
    else { return .notCompetent }
    guard kind == .lecture else { return nil }
    if policy.position(teacher.position)?.mayLecture != true { return .mayNotLecture }
    if survey(of: teacher, in: discipline) < policy.minLectureSurvey { return .surveyTooLow }
    return nil
  }

  /// The most hours in one meeting: the discipline's, else 2 for labs, else the smaller of 2 and
  /// ⌈hours ÷ weeks⌉ (at least 1).
  public func block(of discipline: Discipline, _ kind: TeachingKind) -> Int {
    if let block = discipline.blocks[kind] { return block }
    if kind == .lab { return 2 }
    let weekly = (discipline.hours(kind) + term.weeks - 1) / term.weeks
    return Swift.max(1, Swift.min(2, weekly))
  }

  /// Kinds of room that suit a kind of class of a discipline.
  public func roomKinds(of discipline: Discipline, _ kind: TeachingKind) -> [String] {
    discipline.roomKinds[kind] ?? policy.roomKinds[kind] ?? []
  }

  /// Whether a room suits a kind of class of a discipline by its kind and features (R2, R3).
  public func suits(_ room: Room, _ discipline: Discipline, _ kind: TeachingKind) -> Bool {
    roomKinds(of: discipline, kind).contains(room.kind)
      && (discipline.features[kind] ?? []).isSubset(of: room.features)
  }

  /// Seats of the largest suitable room; 0 where no room suits.
  public func largestSuitableRoom(for discipline: Discipline, _ kind: TeachingKind) -> Int {
    rooms.lazy.filter { suits($0, discipline, kind) }.map(\.capacity).max() ?? 0
  }

  /// How many students a section should hold at most; nil for lectures.
  public func normSize(of discipline: Discipline, _ kind: TeachingKind) -> Int? {
    switch kind {
    case .lecture: nil
    case .practice: discipline.groupCap ?? policy.groupCap
    case .lab: discipline.subgroupCap ?? policy.subgroupCap
    }
  }

  /// How many students a section may hold (S2, S3): the norm with its tolerance, for lectures the
  /// largest suitable room; nil where there is no limit.
  public func cap(of discipline: Discipline, _ kind: TeachingKind) -> Int? {
    switch kind {
    case .practice: (discipline.groupCap ?? policy.groupCap) + policy.groupTolerance
    case .lab: (discipline.subgroupCap ?? policy.subgroupCap) + policy.subgroupTolerance
    case .lecture:
      policy.lectureNeedsRoom && !discipline.delivery.isOnline(.lecture)
        ? largestSuitableRoom(for: discipline, kind) : nil
    }
  }

  /// Minutes between two buildings: 0 within one; as `travel.csv` says, in the other direction
  /// where only that is given; else the policy's default.
  public func travelTable() -> (BuildingID, BuildingID) -> Int {
    struct Pair: Hashable {
      var from: BuildingID
      var to: BuildingID
    }
    var minutes: [Pair: Int] = [:]
    for row in travel { minutes[Pair(from: row.from, to: row.to)] = row.minutes }
    for row in travel where minutes[Pair(from: row.to, to: row.from)] == nil {
      minutes[Pair(from: row.to, to: row.from)] = row.minutes
    }
    let fallback = policy.defaultTravelMinutes
    return { from, to in from == to ? 0 : minutes[Pair(from: from, to: to)] ?? fallback }
  }

  /// Whether a student's enrolment in a discipline is a retake.
  public func isRetake(_ student: StudentID, _ discipline: DisciplineID) -> Bool {
    enrolments[Enrolment.Key(student, discipline)]?.status == .retake
  }
}
