// SPDX-License-Identifier: GPL-3.0-or-later
internal import University

/// Who shares a discipline of the plan.
enum SharingScope: Sendable {
  /// All programmes of the level.
  case university
  /// The programmes of a cluster.
  case cluster
  /// One programme.
  case programme
}

/// Which department teaches a discipline of the plan.
enum TeachingUnit: Sendable {
  case department(String)
  case cluster
  case graduating
  case second
}

/// The rooms that a discipline of the plan needs.
enum RoomNeed: Sendable {
  /// What the policy says.
  case usual
  case computer
  case physics
  /// A laboratory of the teaching department, or a computer room where it has none.
  case special
  case language
  case gym
}

/// How the names of a discipline are made.
enum Naming: Sendable {
  case plain(Trilingual)
  /// The subject of the cluster or programme in the genitive, then the noun in Kazakh; the noun,
  /// then the subject in Russian; the subject, then the noun in English.
  case of(Trilingual)
}

/// A line of the model plan of studies.
struct PlannedDiscipline: Sendable {
  /// Identifier, or its end where a cluster or programme is put in front.
  var slot: String
  var term: Int
  var credits: Int
  var hours: [Int]
  var scope: SharingScope
  var unit: TeachingUnit
  var cycle: Cycle?
  var component: Component
  var control: Control?
  /// One name, or one for each alternative of an elective.
  var names: [Naming]
  var need = RoomNeed.usual
  var prerequisites: [String] = []
  var delivery = Delivery.room

  /// Whether a student takes one of several.
  var isChoice: Bool { names.count > 1 }
}

/// The model plans of studies, POLICY.md 4.3: 240, 120 and 180 credits, 30 a term.
enum StudyPlan {
  private static func line(
    _ slot: String, _ term: Int, _ credits: Int, _ hours: [Int], _ scope: SharingScope,
    _ unit: TeachingUnit, _ cycle: Cycle?, _ component: Component, _ control: Control?,
    _ names: [Naming], need: RoomNeed = .usual, after: [String] = [], delivery: Delivery = .room
  ) -> PlannedDiscipline {
    PlannedDiscipline(
      slot: slot, term: term, credits: credits, hours: hours, scope: scope, unit: unit,
      cycle: cycle, component: component, control: control, names: names, need: need,
      prerequisites: after, delivery: delivery)
  }

  private static func plain(_ kk: String, _ ru: String, _ en: String) -> Naming {
    .plain(Trilingual(kk, ru, en))
  }

  private static func of(_ kk: String, _ ru: String, _ en: String) -> Naming {
    .of(Trilingual(kk, ru, en))
  }

  /// The plan of a level.
  static func plan(of level: Level) -> [PlannedDiscipline] {
    switch level {
    case .bachelor: firstYear + secondYear + thirdYear + fourthYear
    case .master: master
    case .doctorate: doctorate
    }
  }

  private static let firstYear: [PlannedDiscipline] = [
    line(
      "HIS101", 1, 5, [15, 30, 0], .university, .department("AGP"), .general, .mandatory, .exam,
      [plain("Қазақстан тарихы", "История Казахстана", "History of Kazakhstan")]),
    line(
      "FLA101", 1, 5, [0, 45, 0], .university, .department("SHT"), .general, .mandatory, .exam,
      [plain("Шетел тілі 1", "Иностранный язык 1", "Foreign language 1")], need: .language),
    line(
      "KRL101", 1, 5, [0, 45, 0], .university, .department("KOT"), .general, .mandatory, .exam,
      [plain("Қазақ (орыс) тілі 1", "Казахский (русский) язык 1", "Kazakh (Russian) 1")],
      need: .language),
    line(
      "MAT101", 1, 5, [15, 30, 0], .university, .department("VM"), .basic, .university, .exam,
      [plain("Математика 1", "Математика 1", "Mathematics 1")]),
    line(
      "PHY101", 1, 5, [15, 15, 15], .university, .department("FIZ"), .basic, .university, .exam,
      [plain("Физика 1", "Физика 1", "Physics 1")], need: .physics),
    line(
      "INT", 1, 3, [15, 15, 0], .cluster, .cluster, .basic, .university, .exam,
      [of("кіріспе курсы", "Введение в основы", "introduction")]),
    line(
      "PED101", 1, 2, [0, 30, 0], .university, .department("DSH"), .general, .mandatory, .test,
      [plain("Дене шынықтыру 1", "Физическая культура 1", "Physical education 1")], need: .gym),
    line(
      "FLA102", 2, 5, [0, 45, 0], .university, .department("SHT"), .general, .mandatory, .exam,
      [plain("Шетел тілі 2", "Иностранный язык 2", "Foreign language 2")], need: .language,
      after: ["FLA101"]),
    line(
      "KRL102", 2, 5, [0, 45, 0], .university, .department("KOT"), .general, .mandatory, .exam,
      [plain("Қазақ (орыс) тілі 2", "Казахский (русский) язык 2", "Kazakh (Russian) 2")],
      need: .language, after: ["KRL101"]),
    line(
      "MAT102", 2, 5, [15, 30, 0], .university, .department("VM"), .basic, .university, .exam,
      [plain("Математика 2", "Математика 2", "Mathematics 2")], after: ["MAT101"]),
    line(
      "PHY102", 2, 5, [15, 15, 15], .university, .department("FIZ"), .basic, .university, .exam,
      [plain("Физика 2", "Физика 2", "Physics 2")], need: .physics, after: ["PHY101"]),
    line(
      "ICT102", 2, 5, [15, 0, 30], .university, .department("KT"), .general, .mandatory, .exam,
      [
        plain(
          "Ақпараттық-коммуникациялық технологиялар",
          "Информационно-коммуникационные технологии",
          "Information and communication technologies")
      ], need: .computer),
    line(
      "PED102", 2, 2, [0, 30, 0], .university, .department("DSH"), .general, .mandatory, .test,
      [plain("Дене шынықтыру 2", "Физическая культура 2", "Physical education 2")], need: .gym),
    line(
      "PRA1", 2, 3, [0, 0, 0], .programme, .graduating, .basic, .university, .test,
      [plain("Оқу практикасы", "Учебная практика", "Educational practice")]),
  ]

  private static let secondYear: [PlannedDiscipline] = [
    line(
      "SOC203", 3, 4, [15, 30, 0], .university, .department("AGP"), .general, .mandatory, .exam,
      [plain("Әлеуметтану және саясаттану", "Социология и политология", "Sociology and politics")]),
    line(
      "PHI203", 3, 5, [15, 30, 0], .university, .department("AGP"), .general, .mandatory, .exam,
      [plain("Философия", "Философия", "Philosophy")]),
    line(
      "PED203", 3, 2, [0, 30, 0], .university, .department("DSH"), .general, .mandatory, .test,
      [plain("Дене шынықтыру 3", "Физическая культура 3", "Physical education 3")], need: .gym),
    line(
      "BD1", 3, 6, [30, 15, 15], .cluster, .cluster, .basic, .university, .exam,
      [of("теориялық негіздері", "Теоретические основы", "fundamentals")], need: .special,
      after: ["PHY102"]),
    line(
      "BD2", 3, 5, [15, 15, 15], .cluster, .cluster, .basic, .university, .exam,
      [of("материалдары мен құралдары", "Материалы и средства", "materials and tools")],
      need: .special),
    line(
      "MAT3", 3, 5, [15, 30, 0], .cluster, .department("VM"), .basic, .university, .exam,
      [of("арнайы математикасы", "Специальная математика для", "mathematics")],
      after: ["MAT102"]),
    line(
      "BE1", 3, 3, [15, 15, 0], .cluster, .department("EMN"), .basic, .elective, .exam,
      [
        plain("Экономикалық теория", "Экономическая теория", "Economic theory"),
        plain("Кәсіпкерлік негіздері", "Основы предпринимательства", "Entrepreneurship"),
        plain("Құқық негіздері", "Основы права", "Foundations of law"),
      ]),
    line(
      "SOC204", 4, 4, [15, 30, 0], .university, .department("AGP"), .general, .mandatory, .exam,
      [plain("Мәдениеттану және психология", "Культурология и психология", "Culture, psychology")]),
    line(
      "PED204", 4, 2, [0, 30, 0], .university, .department("DSH"), .general, .mandatory, .test,
      [plain("Дене шынықтыру 4", "Физическая культура 4", "Physical education 4")], need: .gym),
    line(
      "GE204", 4, 5, [15, 30, 0], .university, .department("OTE"), .general, .elective, .exam,
      [
        plain("Экология", "Экология", "Ecology"),
        plain("Тіршілік қауіпсіздігі негіздері", "Основы безопасности", "Foundations of safety"),
        plain("Сыбайлас жемқорлыққа қарсы мәдениет", "Антикоррупционная культура", "Integrity"),
      ]),
    line(
      "BD4", 4, 6, [30, 15, 15], .cluster, .cluster, .basic, .university, .exam,
      [of("қолданбалы теориясы", "Прикладная теория", "applied theory")], need: .special,
      after: ["BD1"]),
    line(
      "BD5", 4, 5, [15, 15, 15], .cluster, .cluster, .basic, .university, .exam,
      [of("өлшеу техникасы", "Измерения в области", "measurement")], need: .special),
    line(
      "BD6", 4, 5, [15, 15, 15], .programme, .graduating, .basic, .university, .exam,
      [of("негіздері", "Основы", "basics")], need: .special),
    line(
      "PRA2", 4, 3, [0, 0, 0], .programme, .graduating, .basic, .university, .test,
      [plain("Өндірістік практика 1", "Производственная практика 1", "Production practice 1")]),
  ]

  private static let thirdYear: [PlannedDiscipline] = [
    line(
      "BD7", 5, 6, [30, 15, 15], .programme, .graduating, .basic, .university, .project,
      [of("теориясы", "Теория", "theory")], need: .special, after: ["BD4"]),
    line(
      "BD8", 5, 6, [30, 15, 15], .programme, .second, .basic, .university, .exam,
      [of("жұмыс режимдері", "Режимы работы", "modes of operation")], need: .special),
    line(
      "BD9", 5, 5, [15, 15, 15], .cluster, .department("AU"), .basic, .university, .exam,
      [of("автоматтандырылуы", "Автоматизация в области", "automation")], need: .computer),
    line(
      "BE2", 5, 5, [15, 15, 15], .programme, .graduating, .basic, .elective, .exam,
      [
        of("модельдері", "Модели", "modelling"), of("диагностикасы", "Диагностика", "diagnostics"),
        of("сенімділігі", "Надёжность", "reliability"),
      ], need: .special),
    line(
      "BE3", 5, 3, [15, 15, 0], .cluster, .department("EMN"), .basic, .elective, .test,
      [
        plain("Жобаларды басқару", "Управление проектами", "Project management"),
        plain("Инженерлік маркетинг", "Инженерный маркетинг", "Marketing for engineers"),
        plain("Қаржылық сауаттылық", "Финансовая грамотность", "Financial literacy"),
      ], delivery: .lectureOnline),
    line(
      "PD1", 5, 5, [15, 15, 15], .programme, .graduating, .major, .university, .exam,
      [of("құрылғылары", "Устройства", "devices")], need: .special),
    line(
      "BD10", 6, 5, [15, 0, 30], .programme, .graduating, .basic, .university, .exam,
      [of("компьютерлік модельдеуі", "Компьютерное моделирование", "simulation")],
      need: .computer),
    line(
      "MIN", 6, 5, [15, 30, 0], .cluster, .department("EMN"), .basic, .elective, .exam,
      [
        plain("Инновациялық менеджмент", "Инновационный менеджмент", "Innovation management"),
        plain("Энергетика экономикасы", "Экономика энергетики", "Energy economics"),
        plain("Цифрлық экономика", "Цифровая экономика", "Digital economy"),
      ]),
    line(
      "PFL", 6, 4, [0, 45, 0], .programme, .department("SHT"), .basic, .university, .exam,
      [
        plain(
          "Кәсіби бағытталған шетел тілі", "Профессиональный иностранный язык",
          "Professional foreign language")
      ], need: .language, after: ["FLA102"]),
    line(
      "PD2", 6, 6, [30, 15, 15], .programme, .graduating, .major, .university, .project,
      [of("жобалау негіздері", "Основы проектирования", "design")], need: .special, after: ["BD7"]),
    line(
      "PD3", 6, 5, [15, 15, 15], .programme, .second, .major, .university, .exam,
      [of("жабдығы", "Оборудование", "equipment")], need: .special),
    line(
      "PRA3", 6, 5, [0, 0, 0], .programme, .graduating, .major, .university, .test,
      [plain("Өндірістік практика 2", "Производственная практика 2", "Production practice 2")]),
  ]

  private static let fourthYear: [PlannedDiscipline] = [
    line(
      "ECO", 7, 4, [15, 30, 0], .cluster, .department("EMN"), .basic, .university, .exam,
      [of("экономикасы", "Экономика", "economics")]),
    line(
      "BE4", 7, 5, [15, 30, 0], .programme, .second, .basic, .elective, .exam,
      [
        of("қауіпсіздігі", "Безопасность", "safety"),
        of("стандарттары", "Стандарты", "standards"),
        of("тиімділігі", "Эффективность", "efficiency"),
      ]),
    line(
      "PD4", 7, 6, [30, 15, 15], .programme, .graduating, .major, .university, .project,
      [of("кешенді жобалануы", "Комплексное проектирование", "advanced design")], need: .special,
      after: ["PD2"]),
    line(
      "PD5", 7, 5, [15, 15, 15], .programme, .graduating, .major, .university, .exam,
      [of("пайдаланылуы", "Эксплуатация", "operation")], need: .special),
    line(
      "PD6", 7, 5, [15, 0, 30], .programme, .graduating, .major, .university, .exam,
      [of("цифрлық технологиялары", "Цифровые технологии", "digital technologies")],
      need: .computer),
    line(
      "PE1", 7, 5, [15, 15, 15], .programme, .graduating, .major, .elective, .exam,
      [
        of("оңтайландырылуы", "Оптимизация", "optimisation"),
        of("интеллектуалды басқарылуы", "Интеллектуальное управление", "intelligent control"),
        of("жаңғыртылуы", "Модернизация", "modernisation"),
      ], need: .special),
    line(
      "PD7", 8, 5, [15, 15, 15], .programme, .graduating, .major, .university, .exam,
      [of("даму бағыттары", "Направления развития", "trends")], need: .special),
    line(
      "PRA4", 8, 8, [0, 0, 0], .programme, .graduating, .major, .university, .test,
      [plain("Өндірістік практика 3", "Производственная практика 3", "Production practice 3")]),
    line(
      "PDP", 8, 5, [0, 0, 0], .programme, .graduating, .major, .university, .test,
      [plain("Диплом алдындағы практика", "Преддипломная практика", "Pre-diploma practice")]),
    line(
      "FIN", 8, 12, [0, 0, 0], .programme, .graduating, nil, .university, nil,
      [plain("Қорытынды аттестаттау", "Итоговая аттестация", "Final attestation")]),
  ]

  private static let master: [PlannedDiscipline] = [
    line(
      "HPS501", 1, 5, [15, 30, 0], .university, .department("AGP"), .basic, .university, .exam,
      [
        plain(
          "Ғылым тарихы мен философиясы", "История и философия науки",
          "History and philosophy of science")
      ]),
    line(
      "FLM501", 1, 5, [0, 45, 0], .university, .department("SHT"), .basic, .university, .exam,
      [plain("Шетел тілі (кәсіби)", "Иностранный язык (проф.)", "Foreign language (prof.)")],
      need: .language),
    line(
      "PSY501", 1, 5, [15, 30, 0], .university, .department("AGP"), .basic, .university, .exam,
      [
        plain(
          "Жоғары мектеп педагогикасы мен психологиясы", "Педагогика и психология высшей школы",
          "Pedagogy and psychology of higher education")
      ]),
    line(
      "M1", 1, 5, [15, 15, 15], .programme, .graduating, .major, .university, .exam,
      [of("қазіргі мәселелері", "Современные проблемы", "modern problems")], need: .special),
    line(
      "M2", 1, 5, [15, 30, 0], .programme, .graduating, .major, .university, .exam,
      [of("зерттеу әдістері", "Методы исследования", "research methods")]),
    line(
      "ME1", 1, 5, [15, 15, 15], .programme, .graduating, .major, .elective, .exam,
      [
        of("сандық әдістері", "Численные методы", "numerical methods"),
        of("ғылыми эксперименті", "Научный эксперимент", "experiments"),
      ], need: .computer),
    line(
      "MNG502", 2, 5, [15, 30, 0], .university, .department("EMN"), .basic, .university, .exam,
      [plain("Ғылыми менеджмент", "Менеджмент в науке", "Management of science")]),
    line(
      "M3", 2, 5, [15, 15, 15], .programme, .graduating, .major, .university, .exam,
      [of("жүйелік талдауы", "Системный анализ", "systems analysis")], need: .special,
      after: ["M1"]),
    line(
      "M4", 2, 5, [15, 30, 0], .programme, .graduating, .major, .university, .exam,
      [of("ұйымдастырылуы", "Организация", "organisation")]),
    line(
      "M5", 2, 5, [15, 0, 30], .programme, .graduating, .major, .university, .exam,
      [of("бағдарламалық құралдары", "Программные средства", "software")], need: .computer),
    line(
      "MPP", 2, 4, [0, 0, 0], .programme, .graduating, .basic, .university, .test,
      [plain("Педагогикалық практика", "Педагогическая практика", "Teaching practice")]),
    line(
      "MR2", 2, 6, [0, 0, 0], .programme, .graduating, nil, .university, nil,
      [plain("Магистранттың ғылыми жұмысы 1", "НИР магистранта 1", "Master's research 1")]),
    line(
      "M6", 3, 5, [15, 15, 15], .programme, .graduating, .major, .university, .exam,
      [of("перспективалық технологиялары", "Перспективные технологии", "new technologies")],
      need: .special, after: ["M3"]),
    line(
      "M7", 3, 5, [15, 30, 0], .programme, .graduating, .major, .university, .project,
      [of("ғылыми жобасы", "Научный проект в области", "research project")]),
    line(
      "ME2", 3, 5, [15, 15, 15], .programme, .graduating, .major, .elective, .exam,
      [
        of("жасанды интеллектісі", "Искусственный интеллект для", "artificial intelligence"),
        of("тұрақты дамуы", "Устойчивое развитие", "sustainability"),
      ], need: .computer),
    line(
      "MR3", 3, 15, [0, 0, 0], .programme, .graduating, nil, .university, nil,
      [plain("Магистранттың ғылыми жұмысы 2", "НИР магистранта 2", "Master's research 2")]),
    line(
      "MRP", 4, 10, [0, 0, 0], .programme, .graduating, .major, .university, .test,
      [plain("Зерттеу практикасы", "Исследовательская практика", "Research practice")]),
    line(
      "MR4", 4, 8, [0, 0, 0], .programme, .graduating, nil, .university, nil,
      [plain("Магистранттың ғылыми жұмысы 3", "НИР магистранта 3", "Master's research 3")]),
    line(
      "MFA", 4, 12, [0, 0, 0], .programme, .graduating, nil, .university, nil,
      [plain("Магистрлік диссертация", "Магистерская диссертация", "Master's thesis")]),
  ]

  private static let doctorate: [PlannedDiscipline] = [
    line(
      "ACW701", 1, 5, [15, 30, 0], .university, .department("SHT"), .basic, .university, .exam,
      [plain("Академиялық хат", "Академическое письмо", "Academic writing")]),
    line(
      "RES701", 1, 5, [15, 30, 0], .university, .department("VM"), .basic, .university, .exam,
      [plain("Ғылыми зерттеу әдістері", "Методы научных исследований", "Research methods")],
      delivery: .lectureOnline),
    line(
      "D1", 1, 5, [15, 30, 0], .programme, .graduating, .major, .university, .exam,
      [of("іргелі мәселелері", "Фундаментальные проблемы", "fundamental problems")]),
    line(
      "DE1", 1, 5, [15, 30, 0], .programme, .graduating, .major, .elective, .exam,
      [
        of("болжамы", "Прогнозирование", "forecasting"),
        of("синтезі", "Синтез", "synthesis"),
      ]),
    research("DR1", 1, 10), research("DR2", 2, 20),
    line(
      "DPP", 2, 10, [0, 0, 0], .programme, .graduating, .basic, .university, .test,
      [plain("Педагогикалық практика", "Педагогическая практика", "Teaching practice")]),
    research("DR3", 3, 30), research("DR4", 4, 20),
    line(
      "DRP", 4, 10, [0, 0, 0], .programme, .graduating, .major, .university, .test,
      [plain("Зерттеу практикасы", "Исследовательская практика", "Research practice")]),
    research("DR5", 5, 30), research("DR6", 6, 18),
    line(
      "DFA", 6, 12, [0, 0, 0], .programme, .graduating, nil, .university, nil,
      [plain("Докторлық диссертация", "Докторская диссертация", "Doctoral thesis")]),
  ]

  private static func research(_ slot: String, _ term: Int, _ credits: Int) -> PlannedDiscipline {
    line(
      slot, term, credits, [0, 0, 0], .programme, .graduating, nil, .university, nil,
      [
        plain(
          "Докторанттың ғылыми жұмысы \(term)", "НИР докторанта \(term)",
          "Doctoral research \(term)")
      ])
  }
}
