// SPDX-License-Identifier: GPL-3.0-or-later
import University

/// The distribution of the load as dense numbers: teachers, works and tasks by position.
///
/// Hours are hundredths, so that sums are exact; costs are in units of the objective.
struct LoadProblem: Sendable {
  /// What the rules and the objective say of one teacher.
  struct TeacherLimits: Sendable {
    /// Norm of the term, hundredths of an hour; 0 where there is none.
    var norm: Double
    /// The most hundredths of an hour (L4).
    var ceiling: Int
    /// The fewest hundredths of an hour (L4), never above the ceiling.
    var floor: Int
    var department: Int
  }

  /// A discipline with a kind of class, or with all its work of `norms.csv`.
  struct WorkUnit: Sendable {
    var discipline: Int
    /// Nil for the work of norms.csv.
    var kind: TeachingKind?
    /// Fit teachers in the order of the file.
    var candidates: [Int]

    var isClass: Bool { kind != nil }
  }

  /// A piece of work that somebody is to do.
  struct Task: Sendable {
    var work: Int
    /// Hundredths of an hour; positive.
    var hours: Int
    /// The teacher whom a pin or a student's choice names; −1 for none.
    var fixed: Int
    var isClass: Bool
  }

  /// Cost of one hundredth of an hour, by criterion.
  struct HourCosts: Sendable {
    var vacant: Double
    var overload: Double
    var underload: Double
    /// Of a hundredth below the floor: above anything that the objective may hold.
    var shortfall: Double
    /// Of a hundredth of class hours beyond what a teacher's open times take. The objective does
    /// not know it: it stays below what a vacancy saves, so that it leaves nothing vacant.
    var crowding: Double
  }

  var teachers: [TeacherLimits]
  var departmentCount: Int
  /// Teachers with a norm by department.
  var departmentTeachers: [[Int]]
  var works: [WorkUnit]
  var tasks: [Task]
  /// For an exam, the class tasks whose sections share a student with it (L5).
  var classesOfExam: [[Int]]
  /// The reverse: for a class task, the exams.
  var examsOfClass: [[Int]]
  /// Position of the pair (work, teacher) in ``pairCost``; −1 where the teacher is not fit.
  var pairs: [Int32]
  /// Survey, preference and continuity of one hundredth of an hour of a pair.
  var pairCost: [Double]
  var costs: HourCosts
  /// Cost of one preparation.
  var preparation: Double
  /// Cost of a difference of 1 between two ratios of a department.
  var imbalance: Double

  /// For a class task, the candidates whose closed times leave none to the section.
  var barred: [[Int]]
  /// For a class task, others that the pins put at a time that meets its own.
  var clashes: [[Int]]
  /// Who held a class task before and should keep it; −1 where nobody.
  var previous: [Int]
  /// Cost of a class task that does not stay with who held it before: more than what the objective
  /// may gain by it, less than an hour of vacancy.
  var change: Double
  /// The most hundredths of class hours that fit a teacher's open times; `Int.max` where that
  /// cannot matter.
  var classRoom: [Int]

  /// Disciplines to which L5 applies: those with an exam of classes that somebody holds.
  var examinedDisciplines: Set<Int> {
    Set(
      tasks.indices.filter { !classesOfExam[$0].isEmpty }.map { works[tasks[$0].work].discipline })
  }

  /// How far below half a percent point a spread that is rounded down stays at least.
  ///
  /// Hours are whole hundredths, or whole multiples of u of them where nothing is split: with norms of
  /// whole hundredths and least common multiple L a spread is 100 u M ÷ L points, M whole. It is
  /// below k + ½ by (L (2k + 1) − 200 u M) ÷ 2L; with g = gcd(2L, 200 u) the numerators are L mod g
  /// and what differs from it by multiples of g, of which 0 is rounded up. The result is 0, which is
  /// always true, where L is too large.
  var roundingMargin: Double {
    func divisor(_ a: Double, _ b: Double) -> Double {
      var (a, b) = (a, b)
      while b > 0 { (a, b) = (b, a.truncatingRemainder(dividingBy: b)) }
      return a
    }
    var multiple = 1.0
    for group in departmentTeachers {
      for t in group {
        let norm = teachers[t].norm.rounded()
        guard norm > 0, abs(teachers[t].norm - norm) < 1e-9 else { return 0 }
        multiple *= norm / divisor(multiple, norm)
        if multiple > 1e9 { return 0 }
      }
    }
    let unit =
      tasks.contains { !$0.isClass && $0.fixed < 0 }
      ? 1 : tasks.reduce(0) { divisor($0, Double($1.hours)) }
    let step = divisor(2 * multiple, 200 * max(1, unit))
    let rest = multiple.truncatingRemainder(dividingBy: step)
    return (rest > 0 ? rest : step) / (2 * multiple)
  }

  /// Whether the timetable speaks against a teacher for a task, whatever else the teacher holds.
  func bars(_ task: Int, _ teacher: Int) -> Bool { barred[task].contains(teacher) }

  /// Whether the timetable, or an earlier load, tells a task apart from others that look the same.
  func isTimed(_ task: Int) -> Bool {
    !barred[task].isEmpty || !clashes[task].isEmpty || previous[task] >= 0
  }

  /// Cost of a class task with somebody else than before, or nobody.
  func changeCost(_ task: Int, _ teacher: Int) -> Double {
    previous[task] >= 0 && previous[task] != teacher ? change : 0
  }

  /// Whether the timetable or an earlier load has a say at all.
  var isTimed: Bool {
    tasks.indices.contains { isTimed($0) } || classRoom.contains { $0 < .max }
  }

  /// The same without the say of the timetable and of an earlier load: the contract's objective, of which bounds are computed.
  var untimed: LoadProblem {
    var result = self
    result.barred = Array(repeating: [], count: tasks.count)
    result.clashes = result.barred
    result.previous = Array(repeating: -1, count: tasks.count)
    result.classRoom = Array(repeating: .max, count: teachers.count)
    return result
  }

  /// Cost of so many hundredths of class hours beyond what a teacher's open times take.
  func crowdingCost(_ teacher: Int, _ classHours: Int) -> Double {
    classHours > classRoom[teacher]
      ? Double(classHours - classRoom[teacher]) * costs.crowding : 0
  }

  /// Position of a pair in the tables by pair, −1 where the teacher is not fit.
  func pair(_ work: Int, _ teacher: Int) -> Int { Int(pairs[work * teachers.count + teacher]) }

  /// Overload, underload and shortfall of a teacher with so many hundredths of an hour.
  func hourCost(_ teacher: Int, _ hours: Int) -> Double {
    let limits = teachers[teacher]
    let over = Double(hours) - limits.norm
    var cost = over > 0 ? over * costs.overload : -over * costs.underload
    if hours < limits.floor { cost += Double(limits.floor - hours) * costs.shortfall }
    return cost
  }

  /// Keeps the classes of exams that are fixed from those who hold these (L5): the models of class
  /// tasks look only at what is free.
  mutating func barExaminers() {
    for (exam, classes) in classesOfExam.enumerated() where tasks[exam].fixed >= 0 {
      let examiner = tasks[exam].fixed
      for task in classes where tasks[task].fixed < 0 && !barred[task].contains(examiner) {
        barred[task] = (barred[task] + [examiner]).sorted()
      }
    }
  }

  /// Who may take a task: the fixed teacher alone, or all who are fit.
  func candidates(_ task: Int) -> [Int] {
    tasks[task].fixed >= 0 ? [tasks[task].fixed] : works[tasks[task].work].candidates
  }
}

/// The problem with the identifiers of its rows, and what was found on the way.
struct LoadInput: Sendable {
  var problem: LoadProblem
  var teachers: [TeacherID]
  /// Identifier of each task of the problem; tasks of no hours are left out.
  var tasks: [TaskID]
  var messages: [Wording]
  /// Whether a pin, a choice or a floor cannot hold.
  var isContradictory: Bool
  /// Whether a fixed task is an earlier line that may change.
  var isLoose: [Bool] = []
}

extension LoadInput {
  /// Lays out an institution's load.
  ///
  /// Decided lines are tasks of a fixed teacher; of what is decided against a rule only the hours
  /// count, as work without a price, towards the teacher's ratio and limits.
  init(
    _ institution: Institution, sections: University.Table<Section>, tasks: Table<LoadTask>,
    decided: DecidedLines = DecidedLines(), keepsPrevious: Bool = false,
    barsExaminers: Bool = true
  ) {
    let teachers = institution.teachers
    let weights = institution.weights.load
    var messages: [Wording] = []
    var contradictory = false

    var outsideOfTask: [TaskID: Int] = [:]
    for row in decided.outside {
      outsideOfTask[row.task, default: 0] += row.hours.hundredths
    }
    let reach = Self.reach(institution, tasks, decided)
    var limits: [LoadProblem.TeacherLimits] = []
    for teacher in teachers {
      // A ceiling is rounded down and a floor up, so that whole hundredths keep L4.
      // Beyond a million hours a number means only "no limit", and must not overflow.
      func hundredths(_ hours: Double) -> Double { min(max(0, hours), 1e6) * 100 }
      let ceiling = Int((hundredths(institution.ceiling(of: teacher)) + 1e-6).rounded(.down))
      var floor = max(
        0, Int((hundredths(institution.floor(of: teacher)) - 1e-6).rounded(.up)))
      // A minimum that nothing can reach holds nothing: as near to it as may be would be work that
      // others lack, and the rule broken all the same.
      let most = min(ceiling, reach[teacher.id] ?? 0)
      if floor > most {
        let least = Hours(hundredths: floor)
        let most = Hours(hundredths: floor > ceiling ? ceiling : most)
        let id = teacher.id
        messages.append(
          floor > ceiling
            ? Wording(
              "\(id) оқытушысы: min_hours \(least.decimalComma) ең көп сағаттан "
                + "(\(most.decimalComma)) жоғары, сондықтан ескерілмейді",
              "преподаватель \(id): min_hours \(least.decimalComma) больше предела "
                + "(\(most.decimalComma)) и поэтому не действует",
              "teacher \(id): min_hours \(least) is above the most hours (\(most)), so that it holds "
                + "nothing")
            : Wording(
              "\(id) оқытушысы: min_hours \(least.decimalComma) ол ала алатын бүкіл жұмыстан "
                + "(\(most.decimalComma)) жоғары, сондықтан ескерілмейді",
              "преподаватель \(id): min_hours \(least.decimalComma) больше всей работы, которую он "
                + "может взять (\(most.decimalComma)), и поэтому не действует",
              "teacher \(id): min_hours \(least) is above all the work that the teacher may have "
                + "(\(most)), so that it holds nothing"))
        contradictory = true
        floor = 0
      }
      limits.append(
        LoadProblem.TeacherLimits(
          norm: hundredths(institution.norm(of: teacher)), ceiling: ceiling, floor: floor,
          department: institution.departments.position(of: teacher.department) ?? 0))
    }
    let departmentCount = max(1, institution.departments.count)
    var departmentTeachers = [[Int]](repeating: [], count: departmentCount)
    for (t, limit) in limits.enumerated() where limit.norm > 0 {
      departmentTeachers[limit.department].append(t)
    }

    // Works: only those that a task needs, in the order of the tasks.
    struct WorkKey: Hashable {
      var discipline: DisciplineID
      var kind: TeachingKind?
    }
    var competent: [DisciplineID: [Int]] = [:]
    for competence in institution.competences {
      if let t = teachers.position(of: competence.teacher) {
        competent[competence.discipline, default: []].append(t)
      }
    }
    var workIndex: [WorkKey: Int] = [:]
    var disciplineIndex: [DisciplineID: Int] = [:]
    var works: [LoadProblem.WorkUnit] = []
    var workDisciplines: [DisciplineID] = []
    var dense: [LoadProblem.Task] = []
    var ids: [TaskID] = []
    var taskSections: [SectionID] = []
    var isExam: [Bool] = []
    var heldBy: [Int] = []
    var isLoose: [Bool] = []
    var previous: [Int] = []
    for task in tasks where task.hours > .zero {
      var pieces = (decided.held[task.id] ?? []).compactMap { line in
        teachers.position(of: line.teacher).map {
          (hours: line.hours, teacher: $0, isLoose: line.isLoose)
        }
      }
      let rest =
        task.hours.hundredths - pieces.reduce(0) { $0 + $1.hours }
        - (outsideOfTask[task.id] ?? 0) - (decided.vacant[task.id] ?? 0)
      if rest > 0 && !decided.closed.contains(task.id) { pieces.append((rest, -1, false)) }
      guard !pieces.isEmpty else { continue }
      let key = WorkKey(discipline: task.discipline, kind: task.work.teachingKind)
      let work: Int
      if let known = workIndex[key] {
        work = known
      } else {
        work = works.count
        workIndex[key] = work
        let discipline = disciplineIndex[task.discipline] ?? disciplineIndex.count
        disciplineIndex[task.discipline] = discipline
        let fit = (competent[task.discipline] ?? []).sorted().filter {
          institution.unfitness(of: teachers[$0], for: task.work, in: task.discipline) == nil
        }
        works.append(
          LoadProblem.WorkUnit(discipline: discipline, kind: key.kind, candidates: fit))
        workDisciplines.append(task.discipline)
      }
      let before = decided.previous[task.id].flatMap { teachers.position(of: $0) }
      for piece in pieces {
        dense.append(
          LoadProblem.Task(work: work, hours: piece.hours, fixed: -1, isClass: key.kind != nil))
        ids.append(task.id)
        taskSections.append(task.section)
        isExam.append(task.work == .norm("exam"))
        heldBy.append(piece.teacher)
        isLoose.append(piece.isLoose)
        previous.append(keepsPrevious && key.kind != nil ? before ?? -1 : -1)
      }
    }
    for row in decided.outside where row.hours > .zero {
      guard let t = row.teacher.flatMap({ teachers.position(of: $0) }), let task = tasks[row.task]
      else { continue }
      // A work of its own, that only its holder can do: no rule and no price looks at it.
      works.append(
        LoadProblem.WorkUnit(
          discipline: disciplineIndex.count + works.count, kind: nil, candidates: [t]))
      workDisciplines.append(task.discipline)
      dense.append(
        LoadProblem.Task(
          work: works.count - 1, hours: row.hours.hundredths, fixed: -1, isClass: false))
      ids.append(task.id)
      taskSections.append(task.section)
      isExam.append(false)
      heldBy.append(t)
      isLoose.append(false)
      previous.append(-1)
    }

    var pairs = [Int32](repeating: -1, count: works.count * max(1, teachers.count))
    var pairCost: [Double] = []
    for (w, work) in works.enumerated() {
      for t in work.candidates {
        pairs[w * teachers.count + t] = Int32(pairCost.count)
        guard work.isClass else {
          pairCost.append(0)
          continue
        }
        let discipline = workDisciplines[w]
        let competence = institution.competences[Competence.Key(teachers[t].id, discipline)]
        var tenth = weights[.survey] * (5 - institution.survey(of: teachers[t], in: discipline))
        tenth -= weights[.preference] * Double(competence?.preference ?? 0)
        if competence?.taughtBefore != true { tenth += weights[.continuity] }
        pairCost.append(tenth / 1000)
      }
    }

    // L5: exams and classes of one discipline that share a student.
    var classesOfExam = [[Int]](repeating: [], count: dense.count)
    var examsOfClass = [[Int]](repeating: [], count: dense.count)
    let meetings = ExaminerMeetings(institution, sections: sections, tasks: tasks)
    var classOfTask: [TaskID: Int] = [:]
    for (i, task) in dense.enumerated() where task.isClass { classOfTask[ids[i]] = i }
    for e in dense.indices where isExam[e] {
      classesOfExam[e] = (meetings.classesOfExam[ids[e]] ?? []).compactMap { classOfTask[$0] }
      for c in classesOfExam[e] { examsOfClass[c].append(e) }
    }

    let vacant = weights[.vacant]
    // Neither overload nor room in the timetable may make a vacancy the cheaper choice.
    let crowding = max(0, min(0.4 * vacant, 0.5 * (vacant - weights[.overload])))
    let largest = LoadCriterion.allCases.map { weights[$0] }.max() ?? 0
    var problem = LoadProblem(
      teachers: limits, departmentCount: departmentCount, departmentTeachers: departmentTeachers,
      works: works, tasks: dense, classesOfExam: classesOfExam, examsOfClass: examsOfClass,
      pairs: pairs, pairCost: pairCost,
      costs: LoadProblem.HourCosts(
        vacant: vacant / 100, overload: weights[.overload] / 100,
        underload: weights[.underload] / 100, shortfall: 20 * max(largest, 1000) / 100,
        crowding: crowding / 100),
      preparation: weights[.preparation], imbalance: weights[.imbalance],
      barred: Array(repeating: [], count: dense.count),
      clashes: Array(repeating: [], count: dense.count), previous: previous,
      change: 2 * max(largest, 1000), classRoom: Array(repeating: .max, count: limits.count))
    problem.regard(
      TeachingTimes(institution, sections: sections), institution,
      sections: taskSections.map { sections[$0] })

    let bindings = Bindings(institution, sections: sections)
    messages += bindings.messages
    if !bindings.messages.isEmpty { contradictory = true }
    // Pins come first and then the choices of most students, so that where a ceiling cannot hold
    // all of them it is the weakest that yields.
    var fixedHours = [Int](repeating: 0, count: teachers.count)
    var taskOfSection: [SectionID: Int] = [:]
    for (i, task) in dense.enumerated() where task.isClass {
      if taskOfSection[taskSections[i]] == nil { taskOfSection[taskSections[i]] = i }
    }
    for (i, t) in heldBy.enumerated() where t >= 0 {
      problem.tasks[i].fixed = t
      fixedHours[t] += dense[i].hours
    }
    var locks: [SectionID: DecidedLines.Lock] = [:]
    if !decided.locks.isEmpty {
      for task in tasks where task.work.teachingKind != nil {
        locks[task.section] = decided.locks[task.id]?.first
      }
    }
    /// `section S: T is named by R` and what stands against it.
    func named(
      _ binding: Bindings.Binding, _ but: @escaping (Language) -> String
    ) -> Wording {
      let (section, teacher) = (binding.section, binding.teacher)
      return Wording {
        let reason = binding.reason[$0]
        return $0.says(
          "\(section) секциясы: \(reason) бойынша \(teacher)",
          "секция \(section): \(reason) – \(teacher)",
          "section \(section): \(teacher) is named by \(reason)") + but($0)
      }
    }
    // A lock is the cause, and can be taken off; what is approved cannot.
    func lockMessage(_ lock: DecidedLines.Lock, _ binding: Bindings.Binding) -> Wording {
      let off = DecidedLines.takeOff(lock.line)
      return DecidedLines.lock(
        .impossible, file: lock.file, line: lock.line, column: "teacher",
        value: lock.teacher?.text ?? "",
        named(binding) {
          let who = DecidedLines.name(lock.teacher, $0)
          return $0.says(
            ", бірақ жол басқаша бекемделген (\(who)), сондықтан жоспар жарамсыз",
            ", но строка зафиксирована иначе (\(who)), поэтому план недействителен",
            ", but the line is locked for \(who), so that the plan is not valid")
        },
        Wording {
          $0.says(
            "\(off[$0]) не онда \(binding.teacher) деп жазыңыз",
            "\(off[$0]) или напишите в ней \(binding.teacher)",
            "\(off[$0]), or name \(binding.teacher) in it")
        })
    }
    func decidedOtherwise(_ binding: Bindings.Binding, _ holder: TeacherID) -> Wording {
      named(binding) {
        $0.says(
          ", бірақ жол шешілген: \(holder), сонда қалады",
          ", но строка решена за \(holder) и остаётся",
          ", but the line is decided for \(holder), who keeps it")
      }
    }
    for binding in bindings.bindings {
      if let lock = locks[binding.section], lock.teacher == nil {
        messages.append(lockMessage(lock, binding))
        contradictory = true
        continue
      }
      guard let i = taskOfSection[binding.section],
        let t = teachers.position(of: binding.teacher)
      else { continue }
      if problem.tasks[i].fixed >= 0 {
        if problem.tasks[i].fixed != t {
          messages.append(
            locks[binding.section].map { lockMessage($0, binding) }
              ?? decidedOtherwise(binding, teachers[problem.tasks[i].fixed].id))
          contradictory = true
        }
        continue
      }
      guard problem.pair(dense[i].work, t) >= 0 else {
        messages.append(
          named(binding) {
            $0.says(
              ", бірақ оған жарамайды; секция басқаға беріледі",
              ", но не подходит для неё; секция идёт другому",
              " but is not fit for it; the section goes to someone else")
          })
        contradictory = true
        continue
      }
      guard fixedHours[t] + dense[i].hours <= limits[t].ceiling else {
        messages.append(
          named(binding) {
            $0.says(
              ", бірақ шекке дейін сағаты қалмаған; секция басқаға беріледі",
              ", но часов до предела не осталось; секция идёт другому",
              " but has no hours left below the ceiling; the section goes to someone else")
          })
        contradictory = true
        continue
      }
      // Who is named stays named (T4, S6); the timetable will not find a time.
      if problem.bars(i, t) {
        messages.append(
          named(binding) {
            $0.says(
              ", бірақ жабық уақыттан оны өткізетін уақыт қалмайды",
              ", но закрытое время не оставляет времени её вести",
              ", but the closed times leave no time to hold it")
          })
      }
      for other in problem.clashes[i] where problem.tasks[other].fixed == t {
        messages.append(
          named(binding) {
            let also = taskSections[other]
            return $0.says(
              ", бірақ \(also) секциясына да аталған, оның бекітілген уақыты осымен қабаттасады",
              ", но и секция \(also) за ним, а её закреплённое время пересекается с этим",
              ", but is also named for section \(also), pinned to a time that meets its own")
          })
      }
      for exam in problem.examsOfClass[i] where problem.tasks[exam].fixed == t {
        let lock = decided.locks[ids[exam]]?.first { $0.teacher == binding.teacher }
        let task = ids[exam]
        let problem = named(binding) {
          $0.says(
            ", бірақ \(task) жұмысында оның студенттерінен емтихан алуға да шешілген (L5), сондықтан "
              + "жоспар жарамсыз",
            ", но за ним и экзамен у её студентов в работе \(task) (L5), поэтому план недействителен",
            ", but also decided to examine its students in task \(task) (L5), so that the plan is "
              + "not valid")
        }
        messages.append(
          lock.map {
            DecidedLines.lock(
              .impossible, file: $0.file, line: $0.line, column: "teacher",
              value: binding.teacher.text, problem, DecidedLines.takeOff($0.line))
          } ?? problem)
        contradictory = true
      }
      problem.tasks[i].fixed = t
      fixedHours[t] += dense[i].hours
    }
    if barsExaminers { problem.barExaminers() }
    // A line that a pin or a choice names too cannot change.
    for binding in bindings.bindings {
      if let i = taskOfSection[binding.section] { isLoose[i] = false }
    }
    self.init(
      problem: problem, teachers: teachers.map(\.id), tasks: ids, messages: messages,
      isContradictory: contradictory, isLoose: isLoose)
  }
}

extension LoadInput {
  /// For teachers with least hours, hundredths of an hour of all the work that each may have.
  private static func reach(
    _ institution: Institution, _ tasks: Table<LoadTask>, _ decided: DecidedLines
  ) -> [TeacherID: Int] {
    let asked = Set(institution.teachers.filter { institution.floor(of: $0) > 0 }.map(\.id))
    guard !asked.isEmpty else { return [:] }
    var hours: [DisciplineID: [Work: Int]] = [:]
    for task in tasks {
      hours[task.discipline, default: [:]][task.work, default: 0] += task.hours.hundredths
    }
    var result: [TeacherID: Int] = [:]
    for competence in institution.competences where asked.contains(competence.teacher) {
      guard let teacher = institution.teachers[competence.teacher] else { continue }
      for (work, sum) in hours[competence.discipline] ?? [:]
      where institution.unfitness(of: teacher, for: work, in: competence.discipline) == nil {
        result[teacher.id, default: 0] += sum
      }
    }
    for row in decided.outside {
      if let id = row.teacher { result[id, default: 0] += row.hours.hundredths }
    }
    return result
  }
}

extension LoadProblem {
  /// How much of a teacher's open time the classes may take, so that the timetable has a choice.
  private static var fill: Double { 0.85 }

  /// Takes over what the timetable says of who can hold which section.
  fileprivate mutating func regard(
    _ times: TeachingTimes, _ institution: Institution, sections: [Section?]
  ) {
    let teacherRows = institution.teachers
    var sectionsAt: [Section] = []
    var taskAt: [Int] = []
    for (i, task) in tasks.enumerated() where task.isClass {
      guard let section = sections[i] else { continue }
      sectionsAt.append(section)
      taskAt.append(i)
      let without = times.withoutTime(
        section, among: works[task.work].candidates.map { teacherRows[$0] })
      barred[i] = without.compactMap { teacherRows.position(of: $0) }.sorted()
    }
    for (a, b) in times.clashes(sectionsAt) {
      let (i, j) = (taskAt[a], taskAt[b])
      guard !clashes[i].contains(j) else { continue }
      clashes[i].append(j)
      clashes[j].append(i)
    }
    for i in clashes.indices { clashes[i].sort() }

    var most = [Int](repeating: 0, count: teachers.count)
    for task in tasks where task.isClass {
      for t in works[task.work].candidates { most[t] += task.hours }
    }
    for (t, teacher) in teacherRows.enumerated() {
      let room = Int((Double(times.openHours(of: teacher)) * 100 * Self.fill).rounded(.down))
      if room < min(most[t], teachers[t].ceiling) { classRoom[t] = room }
    }
  }
}
