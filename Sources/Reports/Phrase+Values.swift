// SPDX-License-Identifier: GPL-3.0-or-later
public import University
public import Validation

/// Names of the values of closed vocabularies, in the three languages.
///
/// Each is an exhaustive `switch`: a new criterion or rule does not compile until it has its names.
extension Language {
  /// What a stage means, or a criterion of it by the name that the contract gives it; nil for an
  /// unknown name.
  public func meaning(of stage: Stage, _ criterion: String?) -> String? {
    guard let criterion else {
      return switch stage {
      case .sections: pick("секциялар", "секции", "sections")
      case .load: pick("жүктеме", "нагрузка", "load")
      case .timetable: pick("кесте", "расписание", "timetable")
      }
    }
    return switch stage {
    case .sections: SectionCriterion(rawValue: criterion).map(name(of:))
    case .load: LoadCriterion(rawValue: criterion).map(name(of:))
    case .timetable: TimetableCriterion(rawValue: criterion).map(name(of:))
    }
  }

  /// Picks the text of this language.
  func pick(_ kk: String, _ ru: String, _ en: String) -> String {
    switch self {
    case .kk: kk
    case .ru: ru
    case .en: en
    }
  }

  /// The language's name in itself.
  var ownName: String { pick("Қазақша", "Русский", "English") }

  /// The name of a language of teaching.
  func name(of language: Language) -> String {
    switch language {
    case .kk: pick("қазақ", "казахский", "Kazakh")
    case .ru: pick("орыс", "русский", "Russian")
    case .en: pick("ағылшын", "английский", "English")
    }
  }

  /// The name of a day of the week.
  func name(of day: Weekday) -> String {
    switch day {
    case .monday: pick("Дүйсенбі", "Понедельник", "Monday")
    case .tuesday: pick("Сейсенбі", "Вторник", "Tuesday")
    case .wednesday: pick("Сәрсенбі", "Среда", "Wednesday")
    case .thursday: pick("Бейсенбі", "Четверг", "Thursday")
    case .friday: pick("Жұма", "Пятница", "Friday")
    case .saturday: pick("Сенбі", "Суббота", "Saturday")
    case .sunday: pick("Жексенбі", "Воскресенье", "Sunday")
    }
  }

  /// The short name of a day of the week.
  func shortName(of day: Weekday) -> String {
    switch day {
    case .monday: pick("Дс", "Пн", "Mon")
    case .tuesday: pick("Сс", "Вт", "Tue")
    case .wednesday: pick("Ср", "Ср", "Wed")
    case .thursday: pick("Бс", "Чт", "Thu")
    case .friday: pick("Жм", "Пт", "Fri")
    case .saturday: pick("Сн", "Сб", "Sat")
    case .sunday: pick("Жк", "Вс", "Sun")
    }
  }

  /// The name of a kind of class.
  func name(of kind: TeachingKind) -> String {
    switch kind {
    case .lecture: pick("Дәріс", "Лекция", "Lecture")
    case .practice: pick("Практикалық сабақ", "Практическое занятие", "Practical class")
    case .lab: pick("Зертханалық сабақ", "Лабораторное занятие", "Laboratory class")
    }
  }

  /// The letters of a kind of class (POLICY.md 5.6).
  func letters(of kind: TeachingKind) -> String {
    switch kind {
    case .lecture: pick("Д", "Л", "L")
    case .practice: pick("П", "П", "P")
    case .lab: pick("З", "Лб", "Lab")
    }
  }

  /// The name of a section's sort: stream, group, subgroup.
  func sectionName(of kind: TeachingKind) -> String {
    switch kind {
    case .lecture: Phrase.stream.text(in: self)
    case .practice: Phrase.practiceGroup.text(in: self)
    case .lab: Phrase.labSubgroup.text(in: self)
    }
  }

  /// The name of a work: a kind of class, or a work of `norms.csv` that has a usual name.
  public func name(of work: Work) -> String {
    switch work {
    case .teaching(let kind): return name(of: kind)
    case .norm("lab_defence"):
      return pick("Зертхана қорғау", "Защита лаб. работ", "Laboratory defence")
    case .norm("postgraduate"):
      return pick(
        "Магистрант/докторант жетекшілігі", "Руководство магистрантами/докторантами",
        "Postgraduate supervision")
    case .norm("masters"):
      return pick("Магистрант жетекшілігі", "Руководство магистрантами", "Master's supervision")
    case .norm("doctoral"):
      return pick("Докторант жетекшілігі", "Руководство докторантами", "Doctoral supervision")
    case .norm("attestation"), .norm("attestation_board"), .norm("gak"):
      return pick("МАК", "ГАК", "Attestation board")
    case .norm(let word):
      let phrase: Phrase? =
        switch word {
        case "exam": .controlExam
        case "consultation", "consultations": .consultation
        case "course_project", "course_work", "coursework", "project": .courseProject
        case "internship": .practiceWork
        case "thesis", "diploma": .thesis
        case "midterm", "rating": .midterm
        case "srop": .srop
        default: nil
        }
      return phrase?.text(in: self) ?? word
    }
  }

  /// The name of a position; a word that is not among the usual ones stays as it is.
  public func positionName(_ word: String) -> String {
    switch word {
    case "professor": pick("профессор", "профессор", "professor")
    case "docent": pick("доцент", "доцент", "associate professor")
    case "senior_lecturer": pick("аға оқытушы", "старший преподаватель", "senior lecturer")
    case "lecturer": pick("оқытушы", "преподаватель", "lecturer")
    default: word
    }
  }

  /// The name of a kind of room; a word that is not among the usual ones stays as it is.
  func roomKindName(_ word: String) -> String {
    switch word {
    case "lecture": pick("дәріс залы", "лекционная", "lecture hall")
    case "classroom": pick("оқу аудиториясы", "учебная", "classroom")
    case "computer": pick("компьютер сыныбы", "компьютерный класс", "computer room")
    case "lab": pick("зертхана", "лаборатория", "laboratory")
    case "gym": pick("спорт залы", "спортзал", "gym")
    default: word
    }
  }

  /// The name of a stage.
  func name(of stage: Stage) -> String {
    switch stage {
    case .sections: Phrase.stageSections.text(in: self)
    case .load: Phrase.stageLoad.text(in: self)
    case .timetable: Phrase.stageTimetable.text(in: self)
    }
  }

  /// The name of a stage's status.
  func name(of status: StageStatus) -> String {
    switch status {
    case .optimal: Phrase.optimal.text(in: self)
    case .feasible: Phrase.feasible.text(in: self)
    case .infeasible: Phrase.infeasible.text(in: self)
    case .stopped: Phrase.stopped.text(in: self)
    }
  }

  /// The meaning of a criterion of the sections.
  func name(of criterion: SectionCriterion) -> String {
    switch criterion {
    case .sectionHour: pick("Секция сағаттары ÷ 15", "Часы секций ÷ 15", "Hours of sections ÷ 15")
    case .splitGroup:
      pick("Артық бөлінген топтар", "Лишние деления групп", "Groups split more than needed")
    case .undersized: pick("Тым шағын секциялар", "Слишком малые секции", "Undersized sections")
    case .overNorm: pick("Нормадан артық студенттер", "Студенты сверх нормы", "Students above norm")
    }
  }

  /// The meaning of a criterion of the load.
  func name(of criterion: LoadCriterion) -> String {
    switch criterion {
    case .vacant: pick("Бос сағаттар", "Вакантные часы", "Vacant hours")
    case .overload: pick("Нормадан артық сағаттар", "Часы сверх нормы", "Hours above norm")
    case .underload: pick("Нормаға жетпейтін сағаттар", "Часы ниже нормы", "Hours below norm")
    case .imbalance: pick("Кафедрадағы теңсіздік", "Неравномерность в кафедрах", "Imbalance")
    case .survey: pick("Сауалнама бағасы", "Оценка анкетирования", "Survey rating")
    case .preference: pick("Оқытушы қалауы", "Пожелания преподавателей", "Teachers' preferences")
    case .preparation:
      pick("Әртүрлі дайындық саны", "Число разных подготовок", "Distinct preparations")
    case .continuity: pick("Сабақтастық", "Преемственность", "New to the discipline")
    }
  }

  /// The meaning of a criterion of the timetable.
  func name(of criterion: TimetableCriterion) -> String {
    switch criterion {
    case .studentGap: pick("Студенттердің терезелері", "Окна студентов", "Students' gaps")
    case .teacherGap: pick("Оқытушылардың терезелері", "Окна преподавателей", "Teachers' gaps")
    case .studentSingle:
      pick("Бір ғана сабағы бар күндер", "Дни с одним занятием", "Days with a single class")
    case .studentLongDay:
      pick("Студенттердің ұзақ күндері", "Длинные дни студентов", "Students' long days")
    case .studentNoLunch: pick("Түскі үзіліссіз күндер", "Дни без обеда", "Days without lunch")
    case .teacherDays:
      pick("Оқытушылардың жұмыс күндері", "Рабочие дни преподавателей", "Teachers' days")
    case .discouragedTime: pick("Қолайсыз уақыт", "Нежелательное время", "Discouraged time")
    case .personalDiscouraged:
      pick("Жеке қолайсыз уақыт", "Лично нежелательное время", "Personal discouraged time")
    case .studentBuildingChange:
      pick(
        "Студенттердің корпус ауыстыруы", "Переходы студентов между корпусами",
        "Students' changes of building")
    case .teacherBuildingChange:
      pick(
        "Оқытушылардың корпус ауыстыруы", "Переходы преподавателей между корпусами",
        "Teachers' changes of building")
    case .sameDay:
      pick("Секцияның бір күнгі қосымша сабақтары", "Повтор секции в тот же день", "Same day")
    case .lectureFirst:
      pick("Дәрістен бұрынғы сабақтар", "Занятия раньше лекции", "Classes before the lecture")
    case .roomStability: pick("Аудитория ауысуы", "Смена аудитории", "Further rooms of a section")
    case .extraMeetings: pick("Артық кездесулер", "Лишние занятия", "Extra meetings")
    case .shortMeetings: pick("Қысқа сабақтар", "Короткие занятия", "Short meetings")
    case .hoursOff: pick("Жоспардан ауытқу, сағ.", "Отклонение от плана, ч", "Hours off plan")
    case .studentConflict:
      pick(
        "Қайта оқудағы қабаттасулар", "Накладки при повторном изучении",
        "Overlaps that involve a retake")
    case .movedTime: pick("Уақыты өзгергендер", "Перенесено по времени", "Moved in time")
    case .movedRoom: pick("Аудиториясы өзгергендер", "Перенесено в др. аудиторию", "Moved in room")
    }
  }

  /// The meaning of a hard rule, in a few words.
  func name(of rule: RuleCode) -> String {
    switch rule {
    case .s1:
      pick("әр студент бір секцияда", "студент ровно в одной секции", "one section for a student")
    case .s2: pick("секция мөлшері", "размер секции", "size of a section")
    case .s3: pick("ағын аудиторияға сыяды", "поток помещается", "a stream fits a room")
    case .s4: pick("секцияның тілі", "язык секции", "language of a section")
    case .s5: pick("ағын құрамы", "состав потока", "students are in the parent stream")
    case .s6: pick("студент таңдаған оқытушы", "выбор преподавателя", "chosen teacher")
    case .l1: pick("жұмыстар тізімі", "перечень работ", "tasks of the load")
    case .l2: pick("бөлінген сағаттар", "распределённые часы", "assigned hours add up")
    case .l3: pick("біліктілік", "компетентность", "competence")
    case .l4: pick("сағат шегі", "пределы часов", "limits of hours")
    case .l5: pick("емтихан алушы", "экзаменатор", "examiner differs from teacher")
    case .m1: pick("сағаттар толықтығы", "полнота часов", "hours delivered")
    case .m2: pick("кесте торы", "сетка расписания", "inside the grid")
    case .m3: pick("оқытушы қабаттасуы", "накладка преподавателя", "teacher clash")
    case .m4: pick("аудитория қабаттасуы", "накладка аудитории", "room clash")
    case .m5: pick("студент қабаттасуы", "накладка студента", "student clash")
    case .r1: pick("сыйымдылық", "вместимость", "capacity")
    case .r2: pick("аудитория түрі", "тип аудитории", "kind of room")
    case .r3: pick("жабдық", "оборудование", "equipment")
    case .r4: pick("онлайн өткізу", "проведение онлайн", "online mode")
    case .t1: pick("тыйым салынған уақыт", "запрещённое время", "forbidden time")
    case .t2: pick("корпустар арасындағы жол", "переход между корпусами", "travel time")
    case .t3: pick("күндік сағат шегі", "часы в день", "hours in a day")
    case .t4: pick("бекітілген сабақ", "закреплённое занятие", "pins")
    case .p1: pick("жоспар деректері", "данные плана", "claims of the plan")
    }
  }

  /// A date as people write it.
  func date(_ date: CalendarDate) -> String {
    let (year, month, day) = date.components
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    switch self {
    case .kk, .ru: return "\(two(day)).\(two(month)).\(year)"
    case .en:
      let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
      ]
      return "\(day) \(months[month - 1]) \(year)"
    }
  }

  /// A number with at most two decimals and the language's decimal sign.
  public func number(_ value: Double) -> String {
    guard value.isFinite, value.magnitude < 1e15 else { return "–" }
    return number(Hours(rounding: value))
  }

  /// A percentage or an average, with one decimal.
  func oneDecimal(_ value: Double) -> String {
    guard value.isFinite, value.magnitude < 1e9 else { return "–" }
    let tenths = Int((value * 10).rounded())
    let sign = tenths < 0 ? "-" : ""
    return "\(sign)\(tenths.magnitude / 10)\(self == .en ? "." : ",")\(tenths.magnitude % 10)"
  }

  /// Hours with the language's decimal sign.
  public func number(_ hours: Hours) -> String {
    let text = hours.description
    return self == .en ? text : String(text.map { $0 == "." ? "," : $0 })
  }
}
