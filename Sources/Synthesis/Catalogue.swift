// SPDX-License-Identifier: GPL-3.0-or-later
internal import University

/// A name in the three languages.
struct Trilingual: Sendable {
  var kk: String
  var ru: String
  var en: String

  init(_ kk: String, _ ru: String, _ en: String) {
    self.kk = kk
    self.ru = ru
    self.en = en
  }

  /// The names with a text appended to each.
  func followed(by text: String) -> Trilingual { Trilingual(kk + text, ru + text, en + text) }
}

/// What the generator knows of a department.
struct DepartmentEntry: Sendable {
  var code: String
  var name: String
  var institute: String
  /// Professors, docents, senior lecturers and lecturers of the model university.
  var posts: [Int]
  /// The feature that marks the department's laboratories; nil where it has none.
  var labFeature: String?
}

/// What the generator knows of a cluster of kindred programmes.
struct ClusterEntry: Sendable {
  var code: String
  /// In the genitive, so that names of disciplines can be made of it.
  var subject: Trilingual
  /// The department of the cluster's common disciplines.
  var department: String
}

/// What the generator knows of a bachelor programme.
struct ProgrammeEntry: Sendable {
  var code: String
  /// Latin letters for disciplines.
  var abbreviation: String
  /// Cyrillic letters for groups.
  var groupLetters: String
  var name: String
  var cluster: String
  var graduating: String
  var second: String
  /// In the genitive, so that names of disciplines can be made of it.
  var subject: Trilingual
  /// Intake by kk, ru, en in the model university.
  var intake: [Int]
}

/// What the generator knows of a master or doctoral programme.
struct PostgraduateEntry: Sendable {
  var code: String
  var abbreviation: String
  var groupLetters: String
  var name: String
  var level: Level
  var cluster: String
  var graduating: String
  var intake: Int
}

/// The model university: numbers and abbreviations after POLICY.md 4.2–4.4.
enum Catalogue {
  static let departments: [DepartmentEntry] = [
    .init(
      code: "EES", name: "«Электр энергетикалық жүйелер» кафедрасы", institute: "ЭЭИ",
      posts: [3, 10, 14, 7], labFeature: "power"),
    .init(
      code: "EMP", name: "«Электр машиналары және жетек» кафедрасы", institute: "ЭЭИ",
      posts: [1, 3, 5, 2], labFeature: "machines"),
    .init(
      code: "ESV", name: "«Электрмен жабдықтау және жаңартылатын энергия» кафедрасы",
      institute: "ЭЭИ", posts: [1, 5, 7, 3], labFeature: "renewables"),
    .init(
      code: "TOE", name: "«Электротехниканың теориялық негіздері» кафедрасы", institute: "ЭЭИ",
      posts: [1, 3, 4, 1], labFeature: "circuits"),
    .init(
      code: "TE", name: "«Жылу энергетикасы» кафедрасы", institute: "ЖЭИ", posts: [2, 8, 10, 5],
      labFeature: "heat"),
    .init(
      code: "OTE", name: "«Еңбек қауіпсіздігі және экология» кафедрасы", institute: "ЖЭИ",
      posts: [1, 4, 6, 4], labFeature: "safety"),
    .init(
      code: "EMN", name: "«Экономика және менеджмент» кафедрасы", institute: "ЖЭИ",
      posts: [1, 3, 4, 2]),
    .init(
      code: "AU", name: "«Автоматтандыру және басқару» кафедрасы", institute: "АжБИ",
      posts: [3, 10, 14, 6], labFeature: "automation"),
    .init(
      code: "ISK", name: "«Ақпараттық жүйелер және киберқауіпсіздік» кафедрасы",
      institute: "АТИ", posts: [3, 9, 13, 6]),
    .init(
      code: "KT", name: "«Компьютерлік технологиялар» кафедрасы", institute: "АТИ",
      posts: [4, 13, 18, 9]),
    .init(
      code: "TKS", name: "«Телекоммуникациялық желілер мен жүйелер» кафедрасы",
      institute: "ТҒИ", posts: [2, 8, 10, 5], labFeature: "telecom"),
    .init(
      code: "REK", name: "«Радиоэлектроника және ғарыш инженериясы» кафедрасы",
      institute: "ТҒИ", posts: [1, 4, 5, 3], labFeature: "radio"),
    .init(
      code: "VM", name: "«Жоғары математика» кафедрасы", institute: "АжБИ", posts: [1, 4, 6, 3]),
    .init(
      code: "FIZ", name: "«Физика» кафедрасы", institute: "АжБИ", posts: [1, 4, 5, 2],
      labFeature: "physics"),
    .init(
      code: "KOT", name: "«Қазақ және орыс тілдері» кафедрасы", institute: "АТИ",
      posts: [1, 4, 9, 7]),
    .init(
      code: "SHT", name: "«Шетел тілдері» кафедрасы", institute: "АТИ", posts: [0, 5, 16, 11]),
    .init(
      code: "AGP", name: "«Әлеуметтік-гуманитарлық пәндер» кафедрасы", institute: "ТҒИ",
      posts: [2, 6, 8, 3]),
    .init(
      code: "DSH", name: "«Дене шынықтыру және спорт» кафедрасы", institute: "ТҒИ",
      posts: [0, 2, 7, 4]),
  ]

  /// Departments that a smaller university joins: from how many students each stands alone.
  static let joined: [(below: Int, of: [String], entry: DepartmentEntry)] = [
    (
      150, ["AGP", "SHT", "KOT", "DSH", "EMN", "VM", "FIZ"],
      .init(
        code: "GEN", name: "«Жалпы білім беру пәндері» кафедрасы", institute: "ЖИ",
        posts: [1, 4, 6, 3])
    ),
    (
      150, ["EES", "EMP", "ESV", "TOE", "TE", "OTE", "AU", "ISK", "KT", "TKS", "REK"],
      .init(
        code: "ENG", name: "«Энергетика және ақпараттық технологиялар» кафедрасы",
        institute: "ЖИ", posts: [2, 6, 8, 4])
    ),
    (
      800, ["AGP", "SHT", "KOT", "DSH", "EMN"],
      .init(
        code: "HUM", name: "«Гуманитарлық пәндер және тілдер» кафедрасы", institute: "ЖИ",
        posts: [1, 5, 10, 5])
    ),
    (
      2500, ["VM", "FIZ"],
      .init(
        code: "MPH", name: "«Математика және физика» кафедрасы", institute: "ЖИ",
        posts: [2, 8, 11, 5])
    ),
    (
      800, ["EES", "EMP", "ESV", "TOE", "TE", "OTE"],
      .init(
        code: "ENE", name: "«Энергетика» кафедрасы", institute: "ЭжАТИ", posts: [3, 10, 14, 7])
    ),
    (
      800, ["AU", "ISK", "KT", "TKS", "REK"],
      .init(
        code: "ITS", name: "«Ақпараттық технологиялар және автоматика» кафедрасы",
        institute: "ЭжАТИ", posts: [3, 10, 14, 7])
    ),
    (
      2500, ["AGP", "EMN", "DSH"],
      .init(
        code: "SOC", name: "«Әлеуметтік пәндер, экономика және спорт» кафедрасы",
        institute: "ЖИ", posts: [2, 6, 9, 4])
    ),
    (
      2500, ["SHT", "KOT"],
      .init(code: "LNG", name: "«Тілдер» кафедрасы", institute: "ЖИ", posts: [1, 5, 14, 9])
    ),
    (
      2500, ["EES", "EMP", "ESV", "TOE"],
      .init(
        code: "ELE", name: "«Электр энергетикасы» кафедрасы", institute: "ЭЭИ",
        posts: [3, 10, 14, 7])
    ),
    (
      2500, ["TE", "OTE"],
      .init(
        code: "THE", name: "«Жылу энергетикасы және экология» кафедрасы", institute: "ЭЭИ",
        posts: [2, 8, 10, 5])
    ),
    (
      2500, ["KT", "ISK"],
      .init(
        code: "INF", name: "«Информатика және киберқауіпсіздік» кафедрасы", institute: "АТИ",
        posts: [4, 13, 18, 9])
    ),
    (
      2500, ["TKS", "REK"],
      .init(
        code: "TEL", name: "«Телекоммуникация және ғарыш инженериясы» кафедрасы",
        institute: "АТИ", posts: [2, 8, 10, 5])
    ),
  ]

  static let clusters: [ClusterEntry] = [
    .init(
      code: "P",
      subject: Trilingual("Электр энергетикасының", "электроэнергетики", "electric power"),
      department: "TOE"),
    .init(
      code: "T", subject: Trilingual("Жылу техникасының", "теплотехники", "heat engineering"),
      department: "TE"),
    .init(
      code: "A", subject: Trilingual("Автоматиканың", "автоматики", "automatic control"),
      department: "AU"),
    .init(
      code: "C", subject: Trilingual("Информатиканың", "информатики", "computing"),
      department: "KT"),
    .init(
      code: "R", subject: Trilingual("Радиотехниканың", "радиотехники", "radio engineering"),
      department: "TKS"),
  ]

  /// In the order in which a growing university opens them.
  static let programmes: [ProgrammeEntry] = [
    .init(
      code: "6B07101", abbreviation: "EPW", groupLetters: "ЭЭ", name: "Электр энергетикасы",
      cluster: "P", graduating: "EES", second: "ESV",
      subject: Trilingual(
        "Электр энергетикалық жүйелердің", "электроэнергетических систем", "power systems"),
      intake: [100, 75, 25]),
    .init(
      code: "6B06101", abbreviation: "CEN", groupLetters: "КИ", name: "Компьютерлік инженерия",
      cluster: "C", graduating: "KT", second: "ISK",
      subject: Trilingual(
        "Компьютерлік жүйелердің", "компьютерных систем", "computer systems"),
      intake: [100, 50, 25]),
    .init(
      code: "6B07106", abbreviation: "AUT", groupLetters: "АБ",
      name: "Автоматтандыру және басқару", cluster: "A", graduating: "AU", second: "EMP",
      subject: Trilingual("Басқару жүйелерінің", "систем управления", "control systems"),
      intake: [75, 50, 0]),
    .init(
      code: "6B06201", abbreviation: "TEL", groupLetters: "ТК", name: "Телекоммуникация",
      cluster: "R", graduating: "TKS", second: "REK",
      subject: Trilingual("Байланыс жүйелерінің", "систем связи", "communication systems"),
      intake: [75, 50, 0]),
    .init(
      code: "6B07104", abbreviation: "THP", groupLetters: "ЖЭ", name: "Жылу энергетикасы",
      cluster: "T", graduating: "TE", second: "OTE",
      subject: Trilingual("Жылу электр станцияларының", "тепловых станций", "thermal plants"),
      intake: [75, 25, 0]),
    .init(
      code: "6B06102", abbreviation: "INS", groupLetters: "АЖ", name: "Ақпараттық жүйелер",
      cluster: "C", graduating: "ISK", second: "KT",
      subject: Trilingual(
        "Ақпараттық жүйелердің", "информационных систем", "information systems"),
      intake: [50, 25, 0]),
    .init(
      code: "6B07103", abbreviation: "REN", groupLetters: "ЖЭК",
      name: "Жаңартылатын энергия көздері", cluster: "P", graduating: "ESV", second: "EES",
      subject: Trilingual(
        "Жаңартылатын энергия қондырғыларының", "установок возобновляемой энергии",
        "renewable energy plants"),
      intake: [50, 25, 25]),
    .init(
      code: "6B06301", abbreviation: "SEC", groupLetters: "АҚ", name: "Ақпараттық қауіпсіздік",
      cluster: "C", graduating: "ISK", second: "KT",
      subject: Trilingual(
        "Ақпаратты қорғау жүйелерінің", "систем защиты информации", "information security"),
      intake: [50, 25, 25]),
    .init(
      code: "6B07102", abbreviation: "MAC", groupLetters: "ЭМ", name: "Электр машиналары",
      cluster: "P", graduating: "EMP", second: "EES",
      subject: Trilingual("Электр машиналарының", "электрических машин", "electrical machines"),
      intake: [50, 25, 0]),
    .init(
      code: "6B07107", abbreviation: "ROB", groupLetters: "РМ",
      name: "Робототехника және мехатроника", cluster: "A", graduating: "AU", second: "REK",
      subject: Trilingual("Роботтандырылған жүйелердің", "робототехнических систем", "robots"),
      intake: [25, 25, 0]),
    .init(
      code: "6B06202", abbreviation: "NET", groupLetters: "ЖТ",
      name: "Желілік технологиялар және заттар интернеті", cluster: "R", graduating: "TKS",
      second: "KT",
      subject: Trilingual("Деректер тарату желілерінің", "сетей передачи данных", "data networks"),
      intake: [25, 25, 0]),
    .init(
      code: "6B11201", abbreviation: "SAF", groupLetters: "ТҚ", name: "Тіршілік қауіпсіздігі",
      cluster: "T", graduating: "OTE", second: "TE",
      subject: Trilingual(
        "Өндірістік қауіпсіздік жүйелерінің", "систем производственной безопасности",
        "industrial safety"),
      intake: [25, 25, 0]),
    .init(
      code: "6B07109", abbreviation: "SPC", groupLetters: "ҒТ", name: "Ғарыш техникасы",
      cluster: "R", graduating: "REK", second: "TKS",
      subject: Trilingual("Ғарыш аппараттарының", "космических аппаратов", "spacecraft"),
      intake: [25, 25, 0]),
    .init(
      code: "6B06103", abbreviation: "DAT", groupLetters: "ДҒ", name: "Деректер ғылымы",
      cluster: "C", graduating: "KT", second: "ISK",
      subject: Trilingual("Деректерді талдау жүйелерінің", "систем анализа данных", "data systems"),
      intake: [25, 25, 0]),
    .init(
      code: "6B07105", abbreviation: "HGS", groupLetters: "ЖГ",
      name: "Жылумен және газбен жабдықтау", cluster: "T", graduating: "TE", second: "OTE",
      subject: Trilingual(
        "Жылумен жабдықтау жүйелерінің", "систем теплоснабжения", "heat supply systems"),
      intake: [25, 25, 0]),
    .init(
      code: "6B07108", abbreviation: "INM", groupLetters: "АП", name: "Аспап жасау",
      cluster: "A", graduating: "AU", second: "TOE",
      subject: Trilingual("Өлшеу аспаптарының", "измерительных приборов", "instruments"),
      intake: [25, 25, 0]),
  ]

  /// In the order in which a growing university opens them.
  static let postgraduates: [PostgraduateEntry] = [
    .init(
      code: "7M07101", abbreviation: "MEP", groupLetters: "МЭЭ", name: "Электр энергетикасы",
      level: .master, cluster: "P", graduating: "EES", intake: 25),
    .init(
      code: "7M06101", abbreviation: "MCS", groupLetters: "МКИ", name: "Компьютерлік ғылымдар",
      level: .master, cluster: "C", graduating: "KT", intake: 25),
    .init(
      code: "7M07106", abbreviation: "MAU", groupLetters: "МАБ",
      name: "Автоматтандыру және басқару", level: .master, cluster: "A", graduating: "AU",
      intake: 25),
    .init(
      code: "7M06201", abbreviation: "MRT", groupLetters: "МРТ",
      name: "Радиотехника, электроника және телекоммуникациялар", level: .master, cluster: "R",
      graduating: "TKS", intake: 20),
    .init(
      code: "7M06301", abbreviation: "MSC", groupLetters: "МАҚ", name: "Ақпараттық қауіпсіздік",
      level: .master, cluster: "C", graduating: "ISK", intake: 20),
    .init(
      code: "7M07104", abbreviation: "MTE", groupLetters: "МЖЭ", name: "Жылу энергетикасы",
      level: .master, cluster: "T", graduating: "TE", intake: 15),
    .init(
      code: "8D07101", abbreviation: "DEP", groupLetters: "ДЭЭ", name: "Электр энергетикасы",
      level: .doctorate, cluster: "P", graduating: "EES", intake: 8),
    .init(
      code: "8D07104", abbreviation: "DTE", groupLetters: "ДЖЭ", name: "Жылу энергетикасы",
      level: .doctorate, cluster: "T", graduating: "TE", intake: 6),
    .init(
      code: "8D06201", abbreviation: "DRT", groupLetters: "ДРТ",
      name: "Радиотехника, электроника және телекоммуникациялар", level: .doctorate, cluster: "R",
      graduating: "TKS", intake: 6),
  ]
}
