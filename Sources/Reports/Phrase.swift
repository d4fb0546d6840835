// SPDX-License-Identifier: GPL-3.0-or-later
import University

/// Everything that the pages say by themselves, in all three languages.
///
/// A closed enumeration whose texts are given together, so that no language can miss a phrase.
/// Headings of tables follow POLICY.md part 5 (documents 5.3 to 5.6 and 5.9).
enum Phrase: CaseIterable {
  case timetable, home, groups, teachers, rooms, disciplines
  case search, searchHint, nothingFound, languageSwitch, skipToContent, mainMenu
  case day, time, week, discipline, kind, groupColumn, teacher, roomColumn, mode
  case room, group, building, inRoom, online, noRoom, noTeacher, odd, even, everyWeek, weeks
  case students, retakeOnly, list, weekGrid, noMeetings, slot
  case calendarFile, term, weeksInTerm, noClassesOn, programme, yearAndTerm
  case advisor, department, position, rate, norm, roomKind, features
  case withoutTime, withoutTimeNote, planned, placed, missing
  case loadTitle, loadComputation, teacherCard, teacherShort, positionShort, rateShort, normShort
  case contact, other, total, percent, deviation, tasks, taskOwner, vacant, hours, work
  case programmeCode, teachingLanguage, studentCount, sectionCounts, groupList, credits
  case plannedHours, loadHours, noLoad, allDepartments
  case streamsTitle, stream, practiceGroup, labSubgroup
  case roomStock, roomNumber, hoursPerWeek, useShare, seatUse, seatsShort, noTimetable
  case quality, valid, invalid, brokenRules, rule, meaning, what, times, stage, status
  case objective, bound, gap, criterion, value, weight, penalty, noBound, notJudged
  case stageSections, stageLoad, stageTimetable, optimal, feasible, infeasible, stopped
  case lostHours, lostHoursNote, dates, makeUpDates, noMakeUp, nothingLost, unplaced
  case nothingUnplaced, warnings, noneFound, madeBy, regime, seconds, record
  case controlExam, consultation, courseProject, practiceWork, thesis, midterm, srop

  /// The three texts.
  private var texts: (kk: String, ru: String, en: String) {
    switch self {
    case .timetable: ("Сабақ кестесі", "Расписание", "Timetable")
    case .home: ("Басты бет", "Главная", "Home")
    case .groups: ("Топтар", "Группы", "Groups")
    case .teachers: ("Оқытушылар", "Преподаватели", "Teachers")
    case .rooms: ("Аудиториялар", "Аудитории", "Rooms")
    case .disciplines: ("Пәндер", "Дисциплины", "Disciplines")
    case .search: ("Іздеу", "Поиск", "Search")
    case .searchHint:
      (
        "Топ, оқытушы, аудитория немесе пән", "Группа, преподаватель, аудитория или дисциплина",
        "Group, teacher, room or discipline"
      )
    case .nothingFound: ("Ештеңе табылмады", "Ничего не найдено", "Nothing found")
    case .languageSwitch: ("Тіл", "Язык", "Language")
    case .skipToContent: ("Мазмұнға өту", "Перейти к содержанию", "Skip to content")
    case .mainMenu: ("Мәзір", "Меню", "Menu")
    case .day: ("Апта күні", "День недели", "Day")
    case .time: ("Уақыты", "Время", "Time")
    case .week: ("Апта (алым/бөлім)", "Неделя (числитель/знаменатель)", "Week (odd/even)")
    case .discipline: ("Пән", "Дисциплина", "Discipline")
    case .kind: ("Түрі", "Вид", "Kind")
    case .groupColumn:
      ("Топ/кіші топ/ағын", "Группа/подгруппа/поток", "Group/subgroup/stream")
    case .teacher: ("Оқытушы", "Преподаватель", "Teacher")
    case .roomColumn: ("Аудитория, корпус", "Аудитория, корпус", "Room, building")
    case .mode: ("Формат", "Формат", "Mode")
    case .room: ("Аудитория", "Аудитория", "Room")
    case .group: ("Топ", "Группа", "Group")
    case .building: ("Корпус", "Корпус", "Building")
    case .inRoom: ("офлайн", "офлайн", "in person")
    case .online: ("онлайн", "онлайн", "online")
    case .noRoom: ("аудитория берілмеген", "аудитория не назначена", "no room assigned")
    case .noTeacher: ("Бос", "Вакансия", "Vacant")
    case .odd: ("алым", "числитель", "odd")
    case .even: ("бөлім", "знаменатель", "even")
    case .everyWeek: ("апта сайын", "еженедельно", "every week")
    case .weeks: ("апталар", "недели", "weeks")
    case .students: ("студент", "студ.", "students")
    case .retakeOnly: ("қайта оқу", "повторное изучение", "retake")
    case .list: ("Күн бойынша тізім", "Список по дням", "List by day")
    case .weekGrid: ("Апталық кесте", "Расписание на неделю", "Week")
    case .noMeetings: ("Сабақ жоқ", "Занятий нет", "No classes")
    case .slot: ("Сағат", "Час", "Hour")
    case .calendarFile: ("Күнтізбе (.ics)", "Календарь (.ics)", "Calendar (.ics)")
    case .term: ("Семестр", "Семестр", "Semester")
    case .weeksInTerm: ("апта", "недель", "weeks")
    case .noClassesOn: ("Сабақ өткізілмейді", "Занятия не проводятся", "No classes are held on")
    case .programme: ("ББ", "ОП", "Programme")
    case .yearAndTerm: ("Курс / сем.", "Курс / сем.", "Year / semester")
    case .advisor: ("Эдвайзер", "Эдвайзер", "Adviser")
    case .department: ("Кафедра", "Кафедра", "Department")
    case .position: ("Лауазымы", "Должность", "Post")
    case .rate: ("Ставка", "Ставка", "Post share")
    case .norm: ("Норма, сағ.", "Норма, ч", "Norm h")
    case .roomKind: ("Түрі", "Тип", "Kind")
    case .features: ("Жабдық", "Оборудование", "Equipment")
    case .withoutTime:
      ("Уақыты берілмеген сабақтар", "Занятия без времени", "Classes without a time")
    case .withoutTimeNote:
      (
        "Бұл сағаттарға кестеде орын табылмады.", "Для этих часов не нашлось места в расписании.",
        "No place in the timetable was found for these hours."
      )
    case .planned: ("Жоспар бойынша", "По плану", "Planned")
    case .placed: ("Кестеде", "В расписании", "In the timetable")
    case .missing: ("Жетіспейді", "Не хватает", "Missing")
    case .loadTitle:
      (
        "Кафедра жүктемесін бөлу жиынтығы", "Сводка распределения", "Distribution summary"
      )
    case .loadComputation:
      (
        "Кафедра жүктемесінің есебі", "Расчёт учебной нагрузки кафедры",
        "Department load computation"
      )
    case .teacherCard:
      ("Оқытушының жүктеме картасы", "Карточка нагрузки преподавателя", "Teacher card")
    case .teacherShort: ("Оқытушы", "Преподаватель", "Teacher")
    case .positionShort: ("Лауазым", "Должность", "Post")
    case .rateShort: ("Ставка", "Ставка", "Share")
    case .normShort: ("Норма", "Норма", "Norm")
    case .contact: ("Аудиториялық", "Аудиторная", "Contact")
    case .other: ("Аудиториядан тыс", "Внеаудиторная", "Other")
    case .total: ("Барлығы", "Всего", "Total")
    case .percent: ("%", "%", "%")
    case .deviation: ("Нормадан ауытқу", "Отклонение от нормы", "Deviation")
    case .tasks: ("Жұмыстар мен орындаушылар", "Работы и исполнители", "Tasks and who does them")
    case .taskOwner: ("Оқытушы", "Преподаватель", "Teacher")
    case .vacant: ("Бос", "Вакансия", "Vacant")
    case .hours: ("Сағат", "Часы", "Hours")
    case .work: ("Жұмыс түрі", "Вид работы", "Work")
    case .programmeCode: ("ББ шифры", "Шифр ОП", "Programme")
    case .teachingLanguage: ("Оқыту тілі", "Язык обучения", "Language")
    case .studentCount: ("Студент саны", "Кол-во студентов", "Students")
    case .sectionCounts:
      (
        "Ағын / топ / кіші топ саны", "Кол-во потоков / групп / подгрупп",
        "Streams / groups / subgroups"
      )
    case .groupList: ("Топтар", "Группы", "Group list")
    case .credits: ("Кредит", "Кредит", "Credits")
    case .plannedHours:
      (
        "Жоспар бойынша: дәріс, практика, зертхана", "По плану: лек., прак., лаб.",
        "Planned L, P, Lab"
      )
    case .loadHours:
      ("Жүктеме: дәріс, практика, зертхана", "Нагрузка: лек., прак., лаб.", "Load L, P, Lab")
    case .noLoad:
      ("Жүктеме бөлінбеген.", "Нагрузка не распределена.", "The load is not distributed.")
    case .allDepartments: ("Барлық кафедралар", "Все кафедры", "All departments")
    case .streamsTitle:
      ("Ағындар мен топтар құрамы", "Состав потоков и групп", "Streams and groups")
    case .stream: ("ағын", "поток", "stream")
    case .practiceGroup: ("топ", "группа", "group")
    case .labSubgroup: ("кіші топ", "подгруппа", "subgroup")
    case .roomStock:
      ("Аудитория қорының жиынтығы", "Сводка аудиторного фонда", "Room stock summary")
    case .roomNumber: ("Аудитория №", "№ ауд.", "Room")
    case .hoursPerWeek: ("Апталық сағат", "Часов в неделю", "Hours/week")
    case .useShare: ("Жүктелуі, %", "Загрузка, %", "Use %")
    case .seatUse: ("Орын толымдылығы, %", "Заполняемость, %", "Seat use %")
    case .seatsShort: ("Орын саны", "Кол-во мест", "Seats")
    case .noTimetable:
      ("Кесте жасалмаған.", "Расписание не составлено.", "There is no timetable yet.")
    case .quality: ("Жоспардың сапасы", "Качество плана", "Quality of the plan")
    case .valid:
      (
        "Жоспар жарамды: бірде-бір қатаң ереже бұзылмаған.",
        "План допустим: ни одно жёсткое правило не нарушено.",
        "The plan is valid: no hard rule is broken."
      )
    case .invalid:
      (
        "Жоспарда бұзылған қатаң ережелер бар", "В плане нарушены жёсткие правила",
        "The plan breaks hard rules"
      )
    case .brokenRules: ("Бұзылған ережелер", "Нарушенные правила", "Broken rules")
    case .rule: ("Ереже", "Правило", "Rule")
    case .meaning: ("Мағынасы", "Смысл", "Meaning")
    case .what: ("Не бұзылды", "Что нарушено", "What is broken")
    case .times: ("Рет", "Раз", "Times")
    case .stage: ("Кезең", "Этап", "Stage")
    case .status: ("Күйі", "Статус", "Status")
    case .objective: ("Мақсат функциясы", "Целевая функция", "Objective")
    case .bound: ("Төменгі шек", "Нижняя граница", "Lower bound")
    case .gap: ("Алшақтық, %", "Разрыв, %", "Gap, %")
    case .criterion: ("Критерий", "Критерий", "Criterion")
    case .value: ("Мәні", "Значение", "Value")
    case .weight: ("Салмағы", "Вес", "Weight")
    case .penalty: ("Үлесі", "Вклад", "Penalty")
    case .noBound: ("дәлелденбеген", "не доказана", "none proved")
    case .notJudged: ("бағаланбаған", "не оценивался", "not judged")
    case .stageSections: ("Секциялар", "Секции", "Sections")
    case .stageLoad: ("Жүктеме", "Нагрузка", "Load")
    case .stageTimetable: ("Кесте", "Расписание", "Timetable")
    case .optimal: ("оптималды", "оптимально", "optimal")
    case .feasible: ("жарамды", "допустимо", "feasible")
    case .infeasible: ("шешімі жоқ", "недопустимо", "infeasible")
    case .stopped: ("тоқтатылды", "остановлено", "stopped")
    case .lostHours:
      (
        "Мерекеге түскен сағаттар", "Часы, выпавшие на праздники",
        "Hours that fall on holidays"
      )
    case .lostHoursNote:
      (
        "Қайта өткізу күндері оқытушы, студенттер және аудитория бос уақыттан таңдалған.",
        "Дни отработки выбраны из времени, когда свободны преподаватель, студенты и аудитория.",
        "Make-up dates are times at which the teacher, the students and a room are free."
      )
    case .dates: ("Күндері", "Даты", "Dates")
    case .makeUpDates: ("Қайта өткізу", "Отработка", "Make-up")
    case .noMakeUp: ("бос уақыт табылмады", "свободного времени нет", "no free time found")
    case .nothingLost:
      ("Мерекеге түскен сағат жоқ.", "Выпавших часов нет.", "No hours fall on holidays.")
    case .unplaced:
      (
        "Орналастырылмаған сабақтар", "Неразмещённые занятия",
        "Meetings that could not be placed"
      )
    case .nothingUnplaced:
      ("Барлық сабақ орналастырылған.", "Все занятия размещены.", "All meetings are placed.")
    case .warnings: ("Ескертулер", "Предупреждения", "Warnings")
    case .noneFound: ("Жоқ.", "Нет.", "None.")
    case .madeBy: ("Жасаған бағдарлама: keste", "Составлено программой keste", "Made by keste")
    case .regime: ("Режим", "Режим", "Regime")
    case .seconds: ("Секунд", "Секунд", "Seconds")
    case .record: ("Жоспар туралы", "О плане", "About the plan")
    case .controlExam: ("Емтихан", "Экзамен", "Exam")
    case .consultation: ("Консультация", "Консультации", "Consultation")
    case .courseProject: ("КЖ/КЖоба", "КР/КП", "Course work/project")
    case .practiceWork: ("Практика", "Практика", "Practice")
    case .thesis:
      (
        "Дипломдық жұмысқа жетекшілік", "Руководство дипломной работой", "Thesis supervision"
      )
    case .midterm:
      ("Аралық бақылау (АБ1, АБ2)", "Рубежный контроль (РК1, РК2)", "Midterm control")
    case .srop: ("ОБӨЖ", "СРОП", "Supervised work")
    }
  }

  /// The text in a language.
  func text(in language: Language) -> String {
    switch language {
    case .kk: texts.kk
    case .ru: texts.ru
    case .en: texts.en
    }
  }
}
