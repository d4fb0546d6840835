// SPDX-License-Identifier: GPL-3.0-or-later
import University

extension CurriculumCheck {
  /// Pins against what they name, against closed times, and against each other.
  mutating func pins() {
    for pin in institution.pins {
      guard let discipline = institution.disciplines[pin.discipline] else { continue }
      let students = students(of: pin)
      guard discipline.hours(pin.kind) > 0, !students.isEmpty else {
        impossible(
          "T4.pinOfNothing", file: "pins.csv", line: pin.line, column: "discipline",
          value: pin.discipline.text,
          Wording(
            "бекітуді бірде-бір секция орындай алмайды: \(pin.discipline) пәнінде "
              + "(\(pin.kind.word(in: .kk))) сағат жоқ немесе оны"
              + (pin.group.map { " \($0) тобынан" } ?? "") + " ешкім оқымайды",
            "закрепление не может выполнить ни одна секция: у \(pin.discipline) нет часов вида "
              + "«\(pin.kind.word(in: .ru))», или никто"
              + (pin.group.map { " из группы \($0)" } ?? "") + " на неё не записан",
            "no section can hold the pin: \(pin.discipline) has no \(pin.kind.rawValue) hours, or "
              + "nobody" + (pin.group.map { " of \($0)" } ?? "") + " takes it"),
          mend: Wording(
            "бекітуді алып тастаңыз немесе студенттерді жазыңыз",
            "снимите закрепление или запишите студентов",
            "take off the pin, or enrol the students"))
        continue
      }
      teacher(of: pin, discipline)
      room(of: pin, discipline, students.count)
      // Where nothing need be held, a pin of a teacher alone asks for no meeting.
      let asksForMeeting =
        pin.day != nil || pin.slot != nil || pin.room != nil || pin.weeks != nil
      if asksForMeeting || least(discipline.hours(pin.kind)) > 0 { time(of: pin, students) }
    }
    pairs()
    pinnedHours()
  }

  /// The enrolments that a pin is about.
  private func students(of pin: Pin) -> [Enrolment] {
    guard let position = institution.disciplines.position(of: pin.discipline) else { return [] }
    guard let group = pin.group else { return enrolled[position] }
    return enrolled[position].filter { institution.students[$0.student]?.group == group }
  }

  private mutating func teacher(of pin: Pin, _ discipline: Discipline) {
    guard let id = pin.teacher, let teacher = institution.teachers[id],
      let unfitness = institution.unfitness(
        of: teacher, for: .teaching(pin.kind), in: discipline.id)
    else { return }
    impossible(
      "L3.pinnedTeacher", file: "pins.csv", line: pin.line, column: "teacher", value: id.text,
      Wording {
        let what = discipline.words(pin.kind, in: $0)
        let why = unfitness.words(in: $0)
        return $0.says(
          "\(id) оқытушысы бекітілген: \(what), бірақ \(why)",
          "преподаватель \(id) закреплён: \(what), но \(why)",
          "\(id) is pinned to \(what), but \(why)")
      },
      mend: Wording(
        "басқа оқытушыны бекітіңіз немесе құзыретін қосыңыз",
        "закрепите другого преподавателя или добавьте компетенцию",
        "pin another teacher or add the competence"))
  }

  private mutating func room(of pin: Pin, _ discipline: Discipline, _ students: Int) {
    guard let id = pin.room, let room = institution.rooms[id] else { return }
    func tell(_ code: String, _ problem: Wording, _ mend: Wording) {
      impossible(
        code, file: "pins.csv", line: pin.line, column: "room", value: id.text, problem, mend: mend)
    }
    func what(_ language: Language) -> String { discipline.words(pin.kind, in: language) }
    if discipline.delivery.isOnline(pin.kind) {
      tell(
        "R4.pinnedRoom",
        Wording(
          "\(what(.kk)) онлайн өтеді, аудиториясы жоқ",
          "\(what(.ru)): проводится онлайн, аудитории нет",
          "\(what(.en)) is online and has no room"),
        Wording("аудиторияны алып тастаңыз", "снимите аудиторию", "take off the room"))
      return
    }
    let kinds = institution.roomKinds(of: discipline, pin.kind)
    if !kinds.contains(room.kind) {
      tell(
        "R2.pinnedRoom",
        Wording(
          "\(what(.kk)) түрі \(room.kind) \(id) аудиториясына бекітілген, ал керегі: "
            + kinds.joined(separator: " не "),
          "\(what(.ru)): закреплена аудитория \(id) вида \(room.kind), а нужна "
            + kinds.joined(separator: " или "),
          "\(what(.en)) is pinned to \(id) of kind \(room.kind), but needs "
            + kinds.joined(separator: " or ")),
        Wording(
          "басқа аудиторияны бекітіңіз немесе түрін \(pin.kind.rawValue)_rooms бағанына қосыңыз",
          "закрепите другую аудиторию или добавьте вид в \(pin.kind.rawValue)_rooms",
          "pin another room, or add the kind to \(pin.kind.rawValue)_rooms"))
    }
    let missing = (discipline.features[pin.kind] ?? []).subtracting(room.features).sorted()
    if !missing.isEmpty {
      tell(
        "R3.pinnedRoom",
        Wording(
          "\(what(.kk)) \(id) аудиториясына бекітілген, онда жоқ: "
            + missing.joined(separator: ", "),
          "\(what(.ru)): закреплена аудитория \(id), в которой нет: "
            + missing.joined(separator: ", "),
          "\(what(.en)) is pinned to \(id), which lacks \(missing.joined(separator: ", "))"),
        Wording(
          "басқа аудиторияны бекітіңіз немесе жабдығын қосыңыз",
          "закрепите другую аудиторию или добавьте оснащение",
          "pin another room or add the features"))
    }
    let size = leastSize(of: pin)
    if size > room.capacity {
      tell(
        "R1.pinnedRoom",
        Wording(
          "\(what(.kk)), \(size) студент" + (pin.group.map { " (\($0))" } ?? "")
            + ", \(room.capacity) орынды \(id) аудиториясына бекітілген",
          "\(what(.ru)) для \(size) студ." + (pin.group.map { " группы \($0)" } ?? "")
            + ": закреплена аудитория \(id) на \(room.capacity) мест",
          "\(what(.en)) for \(size) students" + (pin.group.map { " of \($0)" } ?? "")
            + " is pinned to \(id), which holds \(room.capacity)"),
        Wording(
          "кемінде \(size) орынды аудиторияны бекітіңіз",
          "закрепите аудиторию не менее чем на \(size) мест",
          "pin a room of at least \(size) places"))
    } else if let group = pin.group, institution.decidedSections == nil,
      evenShare(students, discipline, pin.kind) > room.capacity
    {
      warning(
        "R1.pinnedRoom", file: "pins.csv", line: pin.line, column: "room", value: id.text,
        Wording(
          "\(what(.kk)), \(group) тобының \(students) студенті, \(room.capacity) орынды \(id) "
            + "аудиториясына бекітілген: топты көлемі талап еткеннен көп бөлуге тура келеді",
          "\(what(.ru)) для \(students) студ. группы \(group): закреплена аудитория \(id) на "
            + "\(room.capacity) мест; группу придётся делить больше, чем требует её размер",
          "\(what(.en)) for \(students) students of \(group) is pinned to \(id), which holds "
            + "\(room.capacity): the group has to be divided more than its size asks for"),
        mend: Wording(
          "кемінде \(evenShare(students, discipline, pin.kind)) орынды аудиторияны бекітіңіз",
          "закрепите аудиторию не менее чем на "
            + "\(evenShare(students, discipline, pin.kind)) мест",
          "pin a room of at least \(evenShare(students, discipline, pin.kind)) places"))
    }
  }

  /// Students of a group in the section that has most of them, where no more sections are formed
  /// than the cap asks for: all, or an equal share.
  private func evenShare(_ students: Int, _ discipline: Discipline, _ kind: TeachingKind) -> Int {
    guard let cap = institution.cap(of: discipline, kind), cap > 0 else { return students }
    let parts = max(1, (students + cap - 1) / cap)
    return (students + parts - 1) / parts
  }

  /// Students that the pinned section has at least: those of the decided sections; else one, since
  /// a group may be divided.
  private func leastSize(of pin: Pin) -> Int {
    let sizes = institution.decidedSections(of: pin).map(\.students.count)
    return (pin.group == nil ? sizes.max() : sizes.min()) ?? 1
  }

  /// Whether any time that the pin leaves is free for those it names.
  private mutating func time(of pin: Pin, _ students: [Enrolment]) {
    let slots = institution.regime.slots
    if let slot = pin.slot, slot > slots {
      impossible(
        "M2.pinnedSlot", file: "pins.csv", line: pin.line, column: "slot", value: String(slot),
        Wording(
          "\(slot)-сағат \(institution.regime.name) режимінің \(slots) сағатынан тыс",
          "час \(slot) выходит за \(slots) часов режима \(institution.regime.name)",
          "slot \(slot) is beyond the \(slots) slots of regime \(institution.regime.name)"),
        mend: Wording(
          "осы режимнің сағатын бекітіңіз", "закрепите час этого режима",
          "pin a slot of this regime"))
      return
    }
    if let day = pin.day, !institution.days.contains(day) {
      impossible(
        "M2.pinnedDay", file: "pins.csv", line: pin.line, column: "day", value: day.code,
        Wording(
          "\(day.word(in: .kk)) — кестеде жоқ күн", "\(day.word(in: .ru)) — дня нет в сетке",
          "\(day.code) is not a day of the grid"),
        mend: Wording {
          let days = institution.days.map(\.code).joined(separator: ", ")
          return $0.says(
            "мыналардың бірін бекітіңіз: \(days)", "закрепите один из дней: \(days)",
            "pin one of \(days)")
        })
      return
    }
    var subjects: [AvailabilitySubject] = []
    if let room = pin.room { subjects.append(.room(room)) }
    if let teacher = pin.teacher { subjects.append(.teacher(teacher)) }
    // Retakers are not bound by their group's times; the section may hold any of the group.
    if let group = pin.group, students.allSatisfy({ $0.status != .retake }) {
      subjects.append(.group(group))
    }
    for subject in subjects where !isOpen(pin, [subject]) {
      closed(pin, [subject])
      return
    }
    if subjects.count > 1 && !isOpen(pin, subjects) { closed(pin, subjects) }
  }

  private mutating func closed(_ pin: Pin, _ subjects: [AvailabilitySubject]) {
    impossible(
      "T1.pinnedTime", file: "pins.csv", line: pin.line, column: pin.day == nil ? "slot" : "day",
      value: place(pin),
      Wording { language in
        let kind = pin.kind.word(in: language)
        let names = subjects.map { $0.name(in: language) }
          .joined(separator: language.says(" және ", " вместе с ", " together with "))
        return language.says(
          "\(pin.discipline) (\(kind)) тыйым салынған уақытқа бекітілген: \(names)",
          "\(kind) \(pin.discipline): закреплено время, закрытое для: \(names)",
          "the \(kind) of \(pin.discipline) is pinned to a time that is forbidden to \(names)")
      },
      mend: Wording(
        "басқа уақытты бекітіңіз немесе оны availability.csv файлында ашыңыз",
        "закрепите другое время или откройте его в availability.csv",
        "pin another time, or free it in availability.csv"))
  }

  private func place(_ pin: Pin) -> String {
    let parts = [pin.day?.code, pin.slot.map(String.init), pin.weeks?.description]
    return parts.compactMap { $0 }.joined(separator: " ")
  }

  /// Whether some slot that the pin allows is free for all the subjects: in each of its weeks where
  /// it gives them, else in some week.
  private func isOpen(_ pin: Pin, _ subjects: [AvailabilitySubject]) -> Bool {
    let starts = pin.slot.map { UInt64(1) << UInt64($0 - 1) } ?? .max
    for (day, name) in institution.days.enumerated() where pin.day == nil || pin.day == name {
      var always = starts
      for week in 0..<institution.term.weeks {
        if let weeks = pin.weeks, !weeks.holds(week: week) { continue }
        let free = subjects.reduce(starts) { $0 & calendar.free($1, day: day, week: week) }
        if pin.weeks == nil && free != 0 { return true }
        always &= free
      }
      if pin.weeks != nil && always != 0 { return true }
    }
    return false
  }

  // MARK: - Pins against each other

  /// Whether two pins of one discipline and kind are certainly about different sections: their
  /// groups learn in different languages (S4), or each is one body and both are too many for one
  /// section (S2, S3).
  private func areApart(_ first: Pin, _ second: Pin) -> Bool {
    guard first.group != nil, second.group != nil, first.group != second.group,
      let discipline = institution.disciplines[first.discipline]
    else { return false }
    let languages = [first, second].map { Set(students(of: $0).map(\.language)) }
    if languages.allSatisfy({ $0.count == 1 }), languages[0] != languages[1] { return true }
    guard let one = body(of: first), let other = body(of: second) else { return false }
    let limit = min(
      institution.normSize(of: discipline, first.kind) ?? .max,
      institution.cap(of: discipline, first.kind) ?? .max)
    return one.union(other).count > limit
  }

  /// Pins with one day and slot, or of one section.
  private mutating func pairs() {
    struct Moment: Hashable {
      var day: Weekday
      var slot: Int
    }
    struct Target: Hashable {
      var discipline: DisciplineID
      var kind: TeachingKind
    }
    var atMoment: [Moment: [Pin]] = [:]
    var ofTarget: [Target: [Pin]] = [:]
    for pin in institution.pins where !students(of: pin).isEmpty {
      let target = Target(discipline: pin.discipline, kind: pin.kind)
      for other in ofTarget[target] ?? [] { contradiction(other, pin) }
      ofTarget[target, default: []].append(pin)
      guard let day = pin.day, let slot = pin.slot else { continue }
      let moment = Moment(day: day, slot: slot)
      for other in atMoment[moment] ?? [] { clash(other, pin) }
      atMoment[moment, default: []].append(pin)
    }
  }

  /// Two pins of one section that cannot both hold: a class task has one teacher, and pins with
  /// only a room or only weeks are about every meeting.
  ///
  /// A pin without a group is about every section, so also about the other's; two of one group are
  /// about one section where the group is one body.
  private mutating func contradiction(_ first: Pin, _ second: Pin) {
    let isOfEvery = first.group == nil || second.group == nil
    guard isOfEvery || (first.group == second.group && body(of: first) != nil) else { return }
    func tell(_ column: String, _ value: String, _ a: Wording, _ b: Wording) {
      impossible(
        "T4.contradiction", file: "pins.csv", line: second.line, column: column, value: value,
        Wording {
          let (a, b) = (a[$0], b[$0])
          let kind = second.kind.word(in: $0)
          return $0.says(
            "\(second.discipline) (\(kind)) мұнда \(b), ал \(first.line)-жолда \(a) деп бекітілген",
            "\(kind) \(second.discipline): закреплено \(b), а в строке \(first.line) — \(a)",
            "the \(kind) of \(second.discipline) is pinned to \(b) here and to \(a) "
              + "in line \(first.line)")
        },
        mend: Wording(
          "бекітулердің бірін алып тастаңыз", "снимите одно из закреплений",
          "take off one of the pins"))
    }
    if let a = first.teacher, let b = second.teacher, a != b {
      tell("teacher", b.text, Wording(name: a.text), Wording(name: b.text))
    }
    func isEvery(_ pin: Pin) -> Bool { pin.day == nil && pin.slot == nil }
    if let a = first.room, let b = second.room, a != b, isEvery(first) || isEvery(second) {
      tell("room", b.text, Wording(name: a.text), Wording(name: b.text))
    }
    if let a = first.weeks, let b = second.weeks, a != b, isEvery(first) || isEvery(second) {
      tell("weeks", b.description, Wording { a.words(in: $0) }, Wording { b.words(in: $0) })
    }
  }

  /// Two pins to one slot that share a room, a teacher or a group.
  ///
  /// They certainly clash when their weeks meet. Without weeks they may alternate: that is a
  /// warning. Two pins of one discipline and kind may be of one section, which is no clash, unless
  /// their groups cannot be in one.
  private mutating func clash(_ first: Pin, _ second: Pin) {
    if first.discipline == second.discipline && first.kind == second.kind
      && !areApart(first, second)
    {
      return
    }
    var shared: (code: String, column: String, name: String)?
    if let room = first.room, room == second.room {
      shared = ("M4", "room", room.text)
    } else if let teacher = first.teacher, teacher == second.teacher {
      shared = ("M3", "teacher", teacher.text)
    } else if let group = first.group, group == second.group, sharesBody(first, second) {
      shared = ("M5", "group", group.text)
    }
    guard let shared else { return }
    let every = WeekPattern.all(institution.term.weeks)
    let certain =
      switch (first.weeks, second.weeks) {
      case (let a?, let b?): a.bits & b.bits != 0
      case (let a?, nil): a == every
      case (nil, let b?): b == every
      case (nil, nil): false
      }
    if !certain && first.weeks != nil && second.weeks != nil { return }
    func what(_ language: Language) -> String {
      let a = second.kind.word(in: language)
      let b = first.kind.word(in: language)
      let time = second.time(in: language)
      let what =
        switch shared.column {
        case "room": language.says("ортақ аудитория", "аудитория одна", "room")
        case "teacher": language.says("ортақ оқытушы", "преподаватель один", "teacher")
        default: language.says("ортақ топ", "группа одна", "group")
        }
      return language.says(
        "\(second.discipline) (\(a)) және \(first.line)-жолдағы \(first.discipline) (\(b)) екеуі де "
          + "бір уақытқа бекітілген (\(time)), \(what): \(shared.name)",
        "\(a) \(second.discipline) и \(b) \(first.discipline) в строке \(first.line) закреплены на "
          + "одно время (\(time)), \(what): \(shared.name)",
        "the \(a) of \(second.discipline) and the \(b) of \(first.discipline) in line "
          + "\(first.line) are both pinned to \(time) with \(what) \(shared.name)"
      )
    }
    if certain {
      impossible(
        "\(shared.code).pinnedTwice", file: "pins.csv", line: second.line, column: shared.column,
        value: shared.name, Wording(what),
        mend: Wording("біреуін жылжытыңыз", "перенесите одно из них", "move one of them"))
    } else {
      warning(
        "\(shared.code).pinsMayClash", file: "pins.csv", line: second.line, column: shared.column,
        value: shared.name,
        Wording {
          what($0)
            + $0.says(
              ": олар тек әртүрлі апталарда өте алады", ": они возможны только в разные недели",
              ": they can only be held in different weeks")
        },
        mend: Wording(
          "біреуін жылжытыңыз немесе апталарын көрсетіңіз",
          "перенесите одно из них или укажите недели", "move one of them, or give their weeks"))
    }
  }

  private func body(of pin: Pin) -> Set<StudentID>? {
    institution.body(of: pin, takers: students(of: pin))
  }

  /// Whether some student takes both as a first enrolment and is in the section of each pin.
  private func sharesBody(_ first: Pin, _ second: Pin) -> Bool {
    guard let a = body(of: first), let b = body(of: second) else { return false }
    return a.intersection(b).contains {
      !institution.isRetake($0, first.discipline) && !institution.isRetake($0, second.discipline)
    }
  }

  /// Hours pinned to a teacher against the ceiling and the teacher's time: each discipline and kind
  /// is at least one section.
  private mutating func pinnedHours() {
    var hours: [TeacherID: (planned: Int, least: Int, line: Int)] = [:]
    struct Target: Hashable {
      var teacher: TeacherID
      var discipline: DisciplineID
      var kind: TeachingKind
    }
    var seen: Set<Target> = []
    for pin in institution.pins where !students(of: pin).isEmpty {
      guard let teacher = pin.teacher, let discipline = institution.disciplines[pin.discipline],
        seen.insert(Target(teacher: teacher, discipline: pin.discipline, kind: pin.kind)).inserted
      else { continue }
      let planned = discipline.hours(pin.kind)
      let before = hours[teacher] ?? (0, 0, 0)
      hours[teacher] = (before.planned + planned, before.least + least(planned), pin.line)
    }
    for teacher in institution.teachers {
      guard let pinned = hours[teacher.id] else { continue }
      let ceiling = institution.ceiling(of: teacher)
      if Double(pinned.planned) > ceiling + 0.005 {
        impossible(
          "L4.pinnedHours", file: "pins.csv", line: pinned.line, column: "teacher",
          value: teacher.id.text,
          Wording(
            "\(teacher.id) оқытушысына кемінде \(pinned.planned) сағат бекітілген, шегі "
              + shown(ceiling),
            "за преподавателем \(teacher.id) закреплено не меньше \(pinned.planned) ч, а предел — "
              + shown(ceiling),
            "at least \(pinned.planned) hours are pinned to \(teacher.id), who may have at most "
              + shown(ceiling)),
          mend: Wording(
            "азырақ сабақ бекітіңіз немесе max_hours мәнін көтеріңіз",
            "закрепите меньше занятий или поднимите max_hours",
            "pin fewer classes, or raise max_hours"))
      }
      let free = hoursOfTerm(.teacher(teacher.id), dayLimit: institution.dayLimit(of: teacher))
      if pinned.least > free {
        impossible(
          "T3.pinnedHours", file: "pins.csv", line: pinned.line, column: "teacher",
          value: teacher.id.text,
          Wording(
            "\(teacher.id) оқытушысына кемінде \(pinned.least) сағат бекітілген, ал семестрде "
              + "\(free) бос сағаты бар",
            "за преподавателем \(teacher.id) закреплено не меньше \(pinned.least) ч, а свободно в "
              + "семестре \(free)",
            "at least \(pinned.least) hours are pinned to \(teacher.id), who has \(free) free hours "
              + "in the term"),
          mend: Wording(
            "азырақ сабақ бекітіңіз немесе availability.csv файлында уақыт ашыңыз",
            "закрепите меньше занятий или откройте часы в availability.csv",
            "pin fewer classes, or free more slots in availability.csv"))
      }
    }
  }
}
