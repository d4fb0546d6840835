// SPDX-License-Identifier: GPL-3.0-or-later
public import University

/// An earlier distribution that a new one has to respect.
public struct EarlierLoad: Sendable {
  /// Its lines.
  public var lines: [EarlierLine]
  /// Departments whose lines nobody may touch: those that had the department when they were
  /// approved, whatever department their discipline has now.
  public var approved: Set<DepartmentID>
  /// Whether locked lines are held and the others changed as little as possible; else only the
  /// approved departments count.
  public var isKept: Bool
  /// The input on which the approved loads rested when they were approved.
  public var input: [ApprovedFact]
  /// The file of the lines, as messages name it.
  public var file: String

  /// Lines, with what is to be held of them.
  public init(
    lines: [EarlierLine], approved: Set<DepartmentID>, isKept: Bool, input: [ApprovedFact] = [],
    file: String = "assignments.csv"
  ) {
    self.file = file
    self.lines = lines
    self.approved = approved
    self.isKept = isKept
    self.input = input
  }

  /// Whether a line is one of an approved load.
  func isApproved(_ line: EarlierLine) -> Bool {
    line.known.map { approved.contains($0.department) } ?? false
  }

  /// Every change of the input on which an approved load rests, whether or not a line breaks a rule
  /// by it.
  public func changedInput(
    _ institution: Institution, sections: University.Table<Section>
  ) -> [LoadConflict] {
    inputDifferences(institution, sections: sections).map { difference in
      LoadConflict(
        kind: .inputChanged, department: difference.department, isApproved: true, task: nil,
        teacher: nil,
        wording: Wording {
          let (department, what) = (difference.department, difference.wording[$0])
          return $0.says(
            "\(department) кафедрасы бекітілген, бірақ \(what): жолдарының сақталуға болатындары "
              + "бекіту қайтарылғанша қалады",
            "кафедра \(department) утверждена, но \(what): её строки, какие могут, остаются, пока "
              + "утверждение не отозвано",
            "department \(department) is approved, but \(what): what of its lines can stay stays "
              + "until the approval is withdrawn")
        })
    }
  }

  /// Every change of the input on which an approved load rests, by department.
  public func inputDifferences(
    _ institution: Institution, sections: University.Table<Section>
  ) -> [(department: DepartmentID, wording: Wording)] {
    let before = input.filter { approved.contains($0.department) }
    if before.isEmpty { return [] }
    var holders: [DisciplineID: Set<TeacherID>] = [:]
    for line in lines {
      if let discipline = line.known?.discipline, let teacher = line.teacher {
        holders[discipline, default: []].insert(teacher)
      }
    }
    let after = ApprovedInput.facts(
      institution, sections: sections, holders: holders,
      departments: Set(before.map(\.department)), remembered: before)
    return ApprovedInput.differences(before, after).map { ($0.department, $0.wording) }
  }

  /// Teachers of approved departments who have other hours now, by work of other departments.
  func changedTotals(_ institution: Institution, _ rows: [Assignment]) -> [Wording] {
    var before: [TeacherID: Hours] = [:]
    for line in lines {
      if let teacher = line.teacher { before[teacher, default: .zero] += line.hours }
    }
    var after: [TeacherID: Hours] = [:]
    for row in rows {
      if let teacher = row.teacher { after[teacher, default: .zero] += row.hours }
    }
    return institution.teachers.compactMap { teacher in
      let (old, new) = (before[teacher.id] ?? .zero, after[teacher.id] ?? .zero)
      guard approved.contains(teacher.department), old != new else { return nil }
      let (id, department) = (teacher.id, teacher.department)
      return Wording(
        "бекітілген \(department) кафедрасының \(id) оқытушысында басқа кафедралардың жұмысы бойынша "
          + "\(old.decimalComma) сағат болған, енді \(new.decimalComma)",
        "у преподавателя \(id) утверждённой кафедры \(department) из-за работы других кафедр было "
          + "\(old.decimalComma) ч, стало \(new.decimalComma)",
        "teacher \(id) of the approved department \(department) had \(old) hours and has \(new) by "
          + "work of other departments")
    }
  }
}

/// Input that no longer agrees with a decided line.
public struct LoadConflict: Sendable, Hashable, CustomStringConvertible {
  /// What changed.
  public enum Kind: String, Sendable, CaseIterable {
    case taskGone = "task_gone"
    case taskNew = "task_new"
    case hoursChanged = "hours_changed"
    case teacherGone = "teacher_gone"
    case notFit = "not_fit"
    case aboveCeiling = "above_ceiling"
    case boundElsewhere = "bound_elsewhere"
    /// Two locked lines that cannot both hold.
    case locksContradict = "locks_contradict"
    /// Locked lines that give an exam to who teaches its students (L5).
    case examinerLocked = "examiner_locked"
    case inputChanged = "input_changed"
    case sectionsBroken = "sections_broken"
  }

  /// What changed.
  public var kind: Kind
  /// The department of the task.
  public var department: DepartmentID?
  /// Whether the department's load is approved, so that the line stays as it is.
  public var isApproved: Bool
  /// The task; nil where the conflict is about more than one.
  public var task: TaskID?
  /// The teacher of the line; nil where the line is vacant or new.
  public var teacher: TeacherID?
  /// What was decided, what is there now, and what becomes of it.
  public var wording: Wording
  /// The line of `assignments.csv` with the lock; nil where no single line is meant.
  public var fileLine: Int?

  /// A conflict with all its parts.
  public init(
    kind: Kind, department: DepartmentID?, isApproved: Bool, task: TaskID?, teacher: TeacherID?,
    wording: Wording, fileLine: Int? = nil
  ) {
    self.fileLine = fileLine
    self.kind = kind
    self.department = department
    self.isApproved = isApproved
    self.task = task
    self.teacher = teacher
    self.wording = wording
  }

  /// The same in English.
  public var description: String { wording[.en] }
}

/// A teacher with a task.
struct HeldLine: Hashable, Sendable {
  var task: TaskID
  var teacher: TeacherID
}

/// What an earlier load decides of the tasks of a new one.
struct DecidedLines: Sendable {
  /// Lines held: teacher and hundredths of an hour, in the order of the earlier load.
  ///
  /// A line is loose where it is neither locked nor approved.
  var held: [TaskID: [(teacher: TeacherID, hours: Int, isLoose: Bool)]] = [:]
  /// Lines held although a rule forbids them: they are no part of the problem.
  var outside: [Assignment] = []
  /// Tasks of which nothing more is given to anybody.
  var closed: Set<TaskID> = []
  /// Who held a class task before.
  var previous: [TaskID: TeacherID] = [:]
  /// Hundredths of an hour that a lock keeps vacant.
  var vacant: [TaskID: Int] = [:]
  /// The locks that are held.
  var locks: [TaskID: [Lock]] = [:]
  var conflicts: [LoadConflict] = []
  private var file = ""
  private var released: Set<HeldLine> = []
  private var ignoresLimits = false
  private var meetings: ExaminerMeetings?
  /// Whom a pin or a choice names for a section.
  private var named: [SectionID: TeacherID] = [:]

  /// A locked line that is held.
  struct Lock: Sendable {
    /// Nil where it keeps hours vacant.
    var teacher: TeacherID?
    /// Hundredths of an hour.
    var hours: Int
    /// The file with the mark.
    var file: String
    /// The line with the mark.
    var line: Int?

    /// Both of them.
    var place: String { line.map { "\(file):\($0)" } ?? file }
  }

  init() {}

  /// Reads the lines against the present input.
  ///
  /// With `holdsAll` lines that are neither locked nor approved are held too, where they can be, but
  /// for those `releasing`; with `ignoringLimits` whether or not all of them keep L4 and L5 together.
  init(
    _ institution: Institution, sections: University.Table<Section>, tasks: Table<LoadTask>,
    earlier: EarlierLoad, holdsAll: Bool, releasing released: Set<HeldLine> = [],
    ignoringLimits: Bool = false
  ) {
    self.released = released
    ignoresLimits = ignoringLimits
    file = earlier.file
    meetings = ExaminerMeetings(institution, sections: sections, tasks: tasks)
    for binding in Bindings(institution, sections: sections).bindings {
      named[binding.section] = binding.teacher
    }
    var lines: [TaskID: [EarlierLine]] = [:]
    var order: [TaskID] = []
    for line in earlier.lines {
      if lines[line.task] == nil { order.append(line.task) }
      lines[line.task, default: []].append(line)
    }
    var used: [TeacherID: Int] = [:]
    for id in order where tasks[id] == nil {
      for line in lines[id] ?? [] {
        let isApproved = earlier.isApproved(line)
        guard isApproved || (earlier.isKept && line.isLocked) else { continue }
        note(
          .taskGone, line, line.known?.department, isApproved,
          Wording {
            let (hours, who) = (line.hours, name(line, $0))
            return $0.says(
              "енді жоқ: \(hours.decimalComma) сағат түседі (\(who))",
              "её больше нет: \(hours.decimalComma) ч отпадают (\(who))",
              "is no longer there: \(hours) hours of \(who) fall away")
          })
      }
    }
    // Approved lines first, then locked ones: where a ceiling cannot hold all, the weakest yield.
    for rank in 0..<3 {
      for task in tasks {
        let own = lines[task.id] ?? []
        if rank == 0 {
          let isHeld = own.contains(where: earlier.isApproved)
          let isNew = !isHeld && earlier.approved.contains(task.department) && task.hours > .zero
          if isHeld || isNew { closed.insert(task.id) }
          if isNew {
            let former = own.lazy.compactMap(\.known).first {
              $0.department != task.department
            }?.department
            conflicts.append(
              LoadConflict(
                kind: .taskNew, department: task.department, isApproved: true, task: task.id,
                teacher: nil,
                wording: Self.new(task, formerly: former)))
          }
        }
        for line in own {
          let isApproved = earlier.isApproved(line)
          let isLocked = earlier.isKept && line.isLocked
          let mine = isApproved ? 0 : isLocked ? 1 : 2
          guard mine == rank, isApproved || !closed.contains(task.id) else { continue }
          if rank == 2 && !earlier.isKept { continue }
          hold(institution, task, line, rank: rank, holdsAll: holdsAll, &used)
        }
      }
    }
  }

  /// What is said of a task that an approved department did not have.
  private static func new(_ task: LoadTask, formerly: DepartmentID?) -> Wording {
    let (department, id, hours) = (task.department, task.id, task.hours)
    return Wording(
      "\(department) кафедрасы бекітілген, бірақ \(id) жұмысы (\(hours.decimalComma) сағат) жаңа"
        + (formerly.map { ", бұрын \($0) кафедрасында болған" } ?? "")
        + ": бекіту қайтарылғанша ол бос қалады",
      "кафедра \(department) утверждена, но работа \(id) (\(hours.decimalComma) ч) новая"
        + (formerly.map { ", раньше была у кафедры \($0)" } ?? "")
        + ": она остаётся вакантной, пока утверждение не отозвано",
      "department \(department) is approved, but task \(id) (\(hours) hours) is new"
        + (formerly.map { ", of department \($0) before" } ?? "")
        + ": it stays vacant until the approval is withdrawn")
  }

  private func name(_ line: EarlierLine, _ language: Language) -> String {
    Self.name(line.teacher, language)
  }

  /// A teacher's identifier, or the word for nobody.
  static func name(_ teacher: TeacherID?, _ language: Language) -> String {
    teacher?.text ?? language.says("ешкім", "никто", "nobody")
  }

  /// Notes a conflict; one about a lock says where the mark is, what stands there and what would be
  /// right.
  private mutating func note(
    _ kind: LoadConflict.Kind, _ line: EarlierLine, _ department: DepartmentID?,
    _ isApproved: Bool, _ text: Wording, column: String = "teacher", value: String? = nil,
    remedy: Wording? = nil
  ) {
    let problem = Wording { language in
      let said = text[language]
      return language.says(
        "\(line.task) жұмысы, \(isApproved ? "бекітілген" : "бекемделген"): \(said)",
        "работа \(line.task), \(isApproved ? "утверждена" : "зафиксирована"): \(said)",
        "task \(line.task), \(isApproved ? "approved" : "locked"): \(said)")
    }
    conflicts.append(
      LoadConflict(
        kind: kind, department: department, isApproved: isApproved, task: line.task,
        teacher: line.teacher,
        wording: isApproved
          ? problem
          : Self.lock(
            kind == .examinerLocked ? .impossible : .warning, file: file, line: line.fileLine,
            column: column, value: value ?? line.teacher?.text ?? "", problem, remedy),
        fileLine: isApproved ? nil : line.fileLine))
  }

  /// What is said of a lock: place, value, problem and what would be right.
  static func lock(
    _ severity: Diagnostic.Severity, file: String, line: Int?, column: String, value: String,
    _ problem: Wording, _ remedy: Wording?
  ) -> Wording {
    var told = Diagnostic(
      severity, code: "load.lock", file: file, line: line, column: column, value: value,
      problem: problem[.en], suggestion: remedy?[.en])
    told.wording = problem
    told.remedy = remedy
    return Wording { [told] in told.description(in: $0) }
  }

  /// Words for a mark to be taken off.
  static func takeOff(_ line: Int?, or other: Int? = nil) -> Wording {
    guard let line else {
      return Wording("белгіні алып тастаңыз", "снимите отметку", "take the mark off")
    }
    return Wording(
      "\(line)-жолдан" + (other.map { " не \($0)-жолдан" } ?? "") + " белгіні алып тастаңыз",
      "снимите отметку в строке \(line)" + (other.map { " или в строке \($0)" } ?? ""),
      "take the mark off line \(line)" + (other.map { ", or off line \($0)" } ?? ""))
  }

  /// A lock that meets another of its class task, or finds nothing of the task's hours left.
  private mutating func contradict(_ task: LoadTask, _ line: EarlierLine) {
    let other = locks[task.id]?.first
    let text = Wording { language in
      let place =
        other?.line.map { language.says("\($0)-жол", "строка \($0)", "line \($0)") }
        ?? language.says("басқа жол", "другая строка", "another line")
      let (held, who) = (Self.name(other?.teacher, language), name(line, language))
      if other?.teacher == line.teacher, task.work.teachingKind != nil {
        return language.says(
          "\(place) бұл жұмыс туралы соны айтып тұр; бір жол жеткілікті",
          "\(place) уже говорит о работе то же; достаточно одной строки",
          "\(place) says the same of the task already; one line is enough")
      }
      if task.work.teachingKind != nil {
        return language.says(
          "\(place) \(held) үшін бекемделген, сол күшінде; сабақ жұмысы бір оқытушыға ғана беріледі",
          "\(place) зафиксирована за: \(held), она и действует; занятия секции ведёт один "
            + "преподаватель",
          "\(place) is locked for \(held), which holds; a class task goes to one teacher")
      }
      return language.says(
        "алдыңғы бекемделген жолдар жұмыстың \(task.hours.decimalComma) сағатын түгел алған; \(who) үшін ештеңе "
          + "қалмады",
        "зафиксированные строки выше занимают все \(task.hours.decimalComma) ч работы; на \(who) ничего не остаётся",
        "the locked lines before it hold all \(task.hours) hours of the task already; nothing is "
          + "left for \(who)")
    }
    note(
      .locksContradict, line, task.department, false, text,
      remedy: Self.takeOff(line.fileLine, or: other?.line))
  }

  /// Whether somebody holds an exam and a class that meet (L5); a lock is told of.
  private mutating func meetsExaminer(
    _ task: LoadTask, _ line: EarlierLine, _ teacher: TeacherID, isLocked: Bool
  ) -> Bool {
    guard let meetings else { return false }
    let isExam = task.work.teachingKind == nil
    for other in meetings.others(of: task.id)
    where (held[other] ?? []).contains(where: { $0.teacher == teacher }) {
      guard isLocked else { return true }
      let lock = locks[other]?.first { $0.teacher == teacher }
      let place = lock?.place
      // The exam is the easier to give away.
      let remedy =
        isExam
        ? Self.takeOff(line.fileLine, or: lock?.line)
        : Self.takeOff(lock?.line, or: line.fileLine)
      let text = Wording(
        (isExam
          ? "\(teacher) өзі \(other) жұмысында оқытатын студенттерден емтихан алар еді"
          : "\(teacher) өзі \(other) жұмысында емтихан алатын студенттерді оқытар еді")
          + " (L5; ол да бекемделген\(place.map { ", \($0)" } ?? "")); екі белгі тұрғанда жоспар "
          + "жарамсыз",
        (isExam
          ? "\(teacher) принимал бы экзамен у студентов, которых учит в работе \(other)"
          : "\(teacher) учил бы студентов, у которых принимает экзамен в работе \(other)")
          + " (L5; она тоже зафиксирована\(place.map { ", \($0)" } ?? "")); пока стоят обе отметки, план "
          + "недействителен",
        (isExam
          ? "\(teacher) would examine students whom \(teacher) teaches in task \(other)"
          : "\(teacher) would teach students whom \(teacher) examines in task \(other)")
          + ", locked \(place.map { "in \($0) " } ?? "")too (L5); as long as both locks stand the "
          + "plan is not valid")
      note(.examinerLocked, line, task.department, false, text, remedy: remedy)
      return true
    }
    return false
  }

  private mutating func hold(
    _ institution: Institution, _ task: LoadTask, _ line: EarlierLine, rank: Int, holdsAll: Bool,
    _ used: inout [TeacherID: Int]
  ) {
    let isApproved = rank == 0
    func report(_ kind: LoadConflict.Kind, _ text: Wording, remedy: Wording? = nil) {
      let department = isApproved ? line.known?.department : nil
      if rank < 2 {
        note(kind, line, department ?? task.department, isApproved, text, remedy: remedy)
      }
    }
    let isClass = task.work.teachingKind != nil
    var hours = line.hours.hundredths
    let isChanged = line.known.map { $0.hours != task.hours } ?? false
    let taken =
      (held[task.id] ?? []).reduce(0) { $0 + $1.hours } + (vacant[task.id] ?? 0)
      + outside.reduce(0) { $0 + ($1.task == task.id ? $1.hours.hundredths : 0) }
    let left = max(0, task.hours.hundredths - taken)
    if let known = line.known, isChanged {
      let hasHolder = line.teacher.map { institution.teachers[$0] != nil } ?? false
      let own = Hours(hundredths: isClass ? task.hours.hundredths : min(hours, left))
      let grows = !isClass && known.hours < task.hours
      let text = Wording { language in
        let who = name(line, language)
        var said = language.says(
          "\(known.hours.decimalComma) сағат болған, енді \(task.hours.decimalComma)",
          "было \(known.hours.decimalComma) ч, стало \(task.hours.decimalComma)",
          "had \(known.hours) hours and now has \(task.hours)")
        guard hasHolder else { return said }
        said += language.says(
          "; оның \(own.decimalComma) сағаты: \(who)", "; из них \(own.decimalComma) ч: \(who)",
          "; \(who) has \(own) of them"
        )
        guard grows else { return said }
        return said
          + language.says(
            ", артығы \(isApproved ? "бос қалады" : "кез келгенге беріледі")",
            ", остальное \(isApproved ? "остаётся вакантным" : "распределяется")",
            ", and what is more \(isApproved ? "stays vacant" : "is given to anybody")")
      }
      report(.hoursChanged, text)
    }
    if rank == 1, task.hours > .zero, isClass ? taken > 0 : left <= 0 {
      contradict(task, line)
      return
    }
    let wanted = hours
    hours = isClass ? task.hours.hundredths : min(hours, left)
    // Hours that differ are told once the line is known to hold.
    func tellHours() {
      guard rank == 1, hours != wanted, !isChanged else { return }
      let all = Hours(hundredths: hours)
      let text = Wording { language in
        let who = name(line, language)
        return isClass
          ? language.says(
            "сабақ жұмысы түгел бекемделеді: барлық \(all.decimalComma) сағат – \(who)",
            "занятия фиксируются целиком: все \(all.decimalComma) ч – \(who)",
            "a class task is held whole: \(who) has all \(all) hours")
          : language.says(
            "алдыңғы бекемделген жолдардан кейін жұмыстың \(task.hours.decimalComma) сағатынан \(all.decimalComma) қана қалды: "
              + who,
            "после зафиксированных строк выше из \(task.hours.decimalComma) ч работы остаётся только \(all.decimalComma): \(who)",
            "only \(all) hours of the task's \(task.hours) are left for \(who) besides the locked "
              + "lines before it")
      }
      note(
        .hoursChanged, line, task.department, false, text, column: "hours",
        value: line.hours.description,
        remedy: Wording("\(all) деп жазыңыз", "напишите \(all)", "write \(all)"))
    }
    func lock(_ teacher: TeacherID?) {
      guard rank == 1 else { return }
      locks[task.id, default: []].append(
        Lock(teacher: teacher, hours: hours, file: file, line: line.fileLine))
    }
    guard let id = line.teacher else {
      // A locked vacancy is a post to be filled: nobody gets it.
      guard rank == 1, hours > 0 else { return }
      tellHours()
      lock(nil)
      vacant[task.id, default: 0] += hours
      return
    }
    guard hours > 0, !isClass || taken == 0 else { return }
    guard let teacher = institution.teachers[id] else {
      report(
        .teacherGone,
        Wording(
          "\(id) енді жоқ; " + (isApproved ? "басқаға берілмейді" : "жұмыс қайта бөлінеді"),
          "\(id) больше нет; "
            + (isApproved ? "другому отдать нельзя" : "работа распределяется заново"),
          "\(id) is no longer there; "
            + (isApproved ? "nobody else may have it" : "it is given anew")),
        remedy: isApproved
          ? nil
          : Wording(
            "teachers.csv ішінен біреуді атаңыз не бос қалдырыңыз",
            "назовите кого-то из teachers.csv или оставьте пустым",
            "name somebody of teachers.csv, or nobody"))
      return
    }
    if let unfit = institution.unfitness(of: teacher, for: task.work, in: task.discipline) {
      let what = "\(task.discipline) \(task.work.text)"
      let text = Wording { language in
        let why =
          switch unfit {
          case .notCompetent:
            language.says(
              "\(what) бойынша құзыреті \(isApproved ? "енді " : "")жоқ",
              "\(isApproved ? "больше " : "")не имеет компетенции на \(what)",
              "is \(isApproved ? "no longer" : "not") competent for \(what)")
          case .mayNotLecture:
            language.says(
              "\(isApproved ? "енді " : "")дәріс оқуға құқығы жоқ",
              "\(isApproved ? "больше " : "")не имеет права читать лекции",
              isApproved ? "may no longer lecture" : "may not lecture")
          case .surveyTooLow:
            language.says(
              "бағасы min_lecture_survey шегінен төмен", "имеет оценку ниже min_lecture_survey",
              "is rated below min_lecture_survey")
          }
        return "\(id) \(why); "
          + language.says(
            isApproved ? "жол сол күйінде қалады" : "жұмыс қайта бөлінеді",
            isApproved ? "строка остаётся как есть" : "работа распределяется заново",
            isApproved ? "the line stays as it is" : "it is given anew")
      }
      report(
        .notFit, text,
        remedy: isApproved
          ? nil
          : Wording(
            "жарайтын біреуді атаңыз не \(id) жарамды болған деректі қайтарыңыз",
            "назовите того, кто подходит, или верните то, благодаря чему подходил \(id)",
            "name somebody who is, or bring back what made \(id) fit"))
      if isApproved {
        outside.append(
          Assignment(task: task.id, teacher: id, hours: Hours(hundredths: hours)))
        used[id, default: 0] += hours
      }
      return
    }
    if rank == 2, released.contains(HeldLine(task: task.id, teacher: id)) {
      if isClass { previous[task.id] = id }
      return
    }
    let ceiling = Int((min(institution.ceiling(of: teacher), 1e6) * 100 + 1e-6).rounded(.down))
    let sum = (used[id] ?? 0) + hours
    let isBound = rank < 2 || !ignoresLimits
    if sum > ceiling, isBound {
      let (all, most) = (Hours(hundredths: sum), Hours(hundredths: ceiling))
      report(
        .aboveCeiling,
        Wording(
          "онымен бірге \(id) жүктемесі \(all.decimalComma) сағат, ең көбі \(most.decimalComma); "
            + (isApproved ? "жол сол күйінде қалады" : "жұмыс қайта бөлінеді"),
          "с ней у \(id) \(all.decimalComma) ч, больше предела \(most.decimalComma); "
            + (isApproved ? "строка остаётся как есть" : "работа распределяется заново"),
          "with it \(id) has \(all) hours, above the most \(most); "
            + (isApproved ? "the line stays as it is" : "it is given anew")),
        remedy: isApproved
          ? nil
          : Wording(
            "\(id) жолдарының бірінен белгіні алып тастаңыз",
            "снимите отметку с одной из строк \(id)",
            "take the mark off one of the lines of \(id)"))
      if isApproved {
        outside.append(
          Assignment(task: task.id, teacher: id, hours: Hours(hundredths: hours)))
        used[id] = sum
        return
      }
      if isClass && rank == 2 { previous[task.id] = id }
      return
    }
    // Nothing of a class task is both held and to be given.
    if rank == 2 && isClass { previous[task.id] = id }
    guard rank < 2 || holdsAll || !isClass else { return }
    // Against a rule only approved lines and locks are held.
    if isBound, meetsExaminer(task, line, id, isLocked: rank == 1), rank == 2 { return }
    if rank == 2, isClass, let wanted = named[task.section], wanted != id { return }
    tellHours()
    lock(id)
    used[id] = sum
    held[task.id, default: []].append((id, hours, rank == 2))
  }
}
