// SPDX-License-Identifier: GPL-3.0-or-later
public import University

extension Change {
  /// What to do, as one tells a colleague, with the row of the file that changes.
  public func words(_ it: Institution, _ language: Language) -> String {
    func says(_ kk: String, _ ru: String, _ en: String) -> String { language.says(kk, ru, en) }
    func place(_ file: String, _ line: Int?) -> String {
      line.map { $0 > 0 ? " (\(file):\($0))" : "" } ?? ""
    }
    func features(_ names: Set<String>) -> String { names.sorted().joined(separator: ", ") }
    switch self {
    case .dropPin(let at):
      let pin = it.pins[at]
      let what = "\(pin.subject(in: language)) → \(pin.demand(in: language))"
      return says(
        "бекітуді алып тастау: \(what)", "снять закрепление: \(what)", "drop the pin: \(what)")
        + place("pins.csv", pin.line)
    case .dropAvailability(let at):
      let row = it.availability[at]
      return Self.open(row.subject, says("", "", "on ") + row.words(in: language), language)
        + place("availability.csv", row.line)
    case .openSubject(let subject):
      let time = says("барлық жабық уақытта", "во все закрытые часы", "at all closed times")
      return Self.open(subject, time, language) + " (availability.csv)"
    case .assign(let section, let teacher):
      return says(
        "\(section) секциясын \(teacher) оқытушысына беру (ол жүргізе алады)",
        "передать секцию \(section) преподавателю \(teacher), который может её вести",
        "give section \(section) to \(teacher), who may teach it")
    case .moveStudent(let student, let from, let to):
      return says(
        "\(student) студентін \(from) секциясынан \(to) секциясына ауыстыру",
        "перевести студента \(student) из секции \(from) в секцию \(to)",
        "move student \(student) from section \(from) to \(to)")
    case .dropChoices(let teacher):
      return says(
        "\(teacher) оқытушысын таңдағандарды басқаларға да беру (enrolments.csv)",
        "выбравших преподавателя \(teacher) отдать и другим (enrolments.csv)",
        "let those who chose \(teacher) be taught by others too (enrolments.csv)")
    case .dropEnrolment(let student, let discipline):
      return says(
        "\(student) студентінің \(discipline) пәніне жазылуын алып тастау",
        "снять запись студента \(student) на \(discipline)",
        "take off the enrolment of \(student) in \(discipline)")
        + place("enrolments.csv", it.enrolments[Enrolment.Key(student, discipline)]?.line)
    case .studentDay(let hours):
      return says(
        "студенттерге күніне \(hours) сағатқа рұқсат беру (student_max_hours_per_day)",
        "разрешить студентам \(hours) ч в день (student_max_hours_per_day)",
        "let students have \(hours) hours a day (student_max_hours_per_day)")
    case .teacherDay(let id, let hours):
      return says(
        "\(id) оқытушысына күніне \(hours) сағатқа рұқсат беру",
        "разрешить преподавателю \(id) \(hours) ч в день", "let \(id) teach \(hours) hours a day")
    case .addRoom(let room):
      let equipment =
        room.features.isEmpty
        ? ""
        : says(
          ", жабдығы: \(features(room.features))", ", оснащение: \(features(room.features))",
          " with \(features(room.features))")
      return says(
        "бір аудитория қосу: түрі \(room.kind), \(room.capacity) орын\(equipment)",
        "добавить одну аудиторию: вид \(room.kind), мест \(room.capacity)\(equipment)",
        "add one room of kind \(room.kind) for \(room.capacity)\(equipment)")
    case .enlarge(let id, let seats):
      return says(
        "\(id) аудиториясына \(seats) орын қою", "устроить в аудитории \(id) \(seats) мест",
        "seat \(seats) in room \(id)")
    case .equip(let id, let added):
      return says(
        "\(id) аудиториясын жабдықтау: \(features(added))",
        "оснастить аудиторию \(id): \(features(added))", "equip room \(id) with \(features(added))")
    case .allowRoomKind(let id, let kind, let room):
      let word = kind.word(in: language)
      return says(
        "\(id) (\(word)) сабағын түрі \(room) аудиторияда өткізуге рұқсат беру",
        "разрешить проводить \(word) \(id) в аудиториях вида \(room)",
        "let the \(word) of \(id) be held in rooms of kind \(room)")
    case .travel(let from, let to, let minutes):
      return says(
        "\(from) мен \(to) арасындағы жолды \(minutes) минутқа дейін қысқарту",
        "сократить путь между \(from) и \(to) до \(minutes) мин",
        "bring \(from) and \(to) within the \(minutes) minutes between two slots")
    case .hoursTolerance(let hours):
      return says(
        "hours_tolerance мәнін \(hours) дейін көтеру", "поднять hours_tolerance до \(hours)",
        "raise hours_tolerance to \(hours)")
    case .subgroupTolerance(let students):
      return says(
        "subgroup_tolerance мәнін \(students) дейін көтеру",
        "поднять subgroup_tolerance до \(students)", "raise subgroup_tolerance to \(students)")
    case .groupTolerance(let students):
      return says(
        "group_tolerance мәнін \(students) дейін көтеру", "поднять group_tolerance до \(students)",
        "raise group_tolerance to \(students)")
    case .addDay(let day):
      let name = day.word(in: language)
      return says(
        "\(name) күні де сабақ өткізу", "проводить занятия и в \(name)",
        "hold classes on \(name) too")
    case .formAnew:
      return says(
        "берілген секцияларды алып тастап, қайта құру (sections.csv, section_students.csv)",
        "снять заданные секции и сформировать их заново (sections.csv, section_students.csv)",
        "take off the given sections and form them anew (sections.csv, section_students.csv)")
    case .minHours(let id, let hours):
      return says(
        "\(id) оқытушысының min_hours мәнін \(Hours(rounding: hours)) дейін төмендету",
        "снизить min_hours преподавателя \(id) до \(Hours(rounding: hours))",
        "lower min_hours of \(id) to \(Hours(rounding: hours))")
        + place("teachers.csv", it.teachers[id]?.line)
    case .maxHours(let id, let hours):
      return says(
        "\(id) оқытушысының max_hours мәнін \(Hours(rounding: hours)) дейін көтеру",
        "поднять max_hours преподавателя \(id) до \(Hours(rounding: hours))",
        "raise max_hours of \(id) to \(Hours(rounding: hours))")
        + place("teachers.csv", it.teachers[id]?.line)
    case .addCompetence(let teacher, let discipline, let kind):
      let word = TeachingKind(rawValue: kind.rawValue)?.word(in: language) ?? kind.rawValue
      return says(
        "\(teacher) оқытушысына \(discipline) (\(word)) жүргізуге рұқсат беру (competences.csv)",
        "разрешить преподавателю \(teacher) вести \(word) \(discipline) (competences.csv)",
        "let \(teacher) teach the \(word) of \(discipline) (competences.csv)")
    }
  }

  private static func open(
    _ subject: AvailabilitySubject, _ time: String, _ language: Language
  ) -> String {
    switch subject {
    case .teacher(let id):
      language.says(
        "\(id) оқытушысына сабақ беруге рұқсат беру: \(time)",
        "разрешить преподавателю \(id) вести занятия: \(time)", "let \(id) teach \(time)")
    case .group(let id):
      language.says(
        "\(id) тобына сабақ қоюға рұқсат беру: \(time)", "разрешить занятия группы \(id): \(time)",
        "let group \(id) have classes \(time)")
    case .room(let id):
      language.says(
        "\(id) аудиториясын ашу: \(time)", "открыть аудиторию \(id): \(time)",
        "open room \(id) \(time)")
    }
  }
}
