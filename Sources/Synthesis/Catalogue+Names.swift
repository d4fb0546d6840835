// SPDX-License-Identifier: GPL-3.0-or-later

/// Names of people, as they are met in Almaty.
enum PeopleNames {
  /// Kazakh and Russian surnames, men's form; women's have an `а`.
  static let kazakhSurnames = [
    "Әбілов", "Ахметов", "Бекмұратов", "Досжанов", "Ержанов", "Жұмабаев", "Ибраев", "Қалиев",
    "Қасымов", "Мұқанов", "Нұрпейісов", "Оразбаев", "Өтегенов", "Рахимов", "Сағынтаев", "Сейітов",
    "Тоқаев", "Төлегенов", "Үсенов", "Хамитов", "Шәріпов", "Ысқақов", "Смағұлов", "Байжанов",
    "Дүйсенов", "Есімов", "Кенжебаев", "Молдабеков", "Сұлтанов", "Темірханов",
  ]
  static let russianSurnames = [
    "Иванов", "Петров", "Волков", "Смирнов", "Кузнецов", "Попов", "Соколов", "Морозов", "Новиков",
    "Фёдоров", "Орлов", "Захаров", "Белов", "Громов", "Ким", "Цой", "Юсупов", "Ковалёв", "Титов",
    "Никитин",
  ]
  static let kazakhMen = [
    "Нұрлан", "Ерлан", "Асқар", "Бауыржан", "Дәурен", "Қайрат", "Мадияр", "Санжар", "Серік",
    "Тимур", "Арман", "Әлихан", "Ғалым", "Жандос", "Ислам", "Рүстем", "Айбек", "Ербол",
  ]
  static let kazakhWomen = [
    "Айгүл", "Әсел", "Гүлнар", "Дана", "Жанар", "Зарина", "Камила", "Мәдина", "Сая", "Салтанат",
    "Томирис", "Ұлжан", "Шолпан", "Аружан", "Індира", "Ботагөз",
  ]
  static let russianMen = [
    "Александр", "Дмитрий", "Сергей", "Андрей", "Алексей", "Максим", "Иван", "Михаил", "Артём",
    "Николай", "Владимир", "Павел",
  ]
  static let russianWomen = [
    "Анна", "Елена", "Мария", "Ольга", "Наталья", "Екатерина", "Татьяна", "Ирина", "Дарья",
    "Полина", "Светлана", "Юлия",
  ]
  /// A father's name with the endings of a son's and a daughter's patronymic.
  static let kazakhFathers = [
    "Маратұлы", "Серікұлы", "Асқарұлы", "Нұрланұлы", "Болатұлы", "Қанатұлы", "Ерланұлы",
    "Талғатұлы", "Бақытұлы", "Жомартұлы",
  ]
  static let russianFathers = [
    "Александр", "Иван", "Пётр", "Михаил", "Владимир", "Павел", "Борис", "Олег",
  ]

  /// A full name.
  static func draw(_ random: inout SplitMix64, kazakhPerMille: Int) -> String {
    let woman = random.chance(perMille: 480)
    if random.chance(perMille: kazakhPerMille) {
      let surname = random.pick(kazakhSurnames) + (woman ? "а" : "")
      let given = random.pick(woman ? kazakhWomen : kazakhMen)
      let father = random.pick(kazakhFathers)
      let patronymic = woman ? father.dropLast(3) + "қызы" : father[...]
      return "\(surname) \(given) \(patronymic)"
    }
    let base = random.pick(russianSurnames)
    let surname = woman && (base.hasSuffix("в") || base.hasSuffix("н")) ? base + "а" : base
    let given = random.pick(woman ? russianWomen : russianMen)
    var father = random.pick(russianFathers)
    if father == "Пётр" { father = "Петр" }
    let patronymic: String =
      switch father {
      case "Михаил": woman ? "Михайловна" : "Михайлович"
      case "Павел": woman ? "Павловна" : "Павлович"
      default: father + (woman ? "овна" : "ович")
      }
    return "\(surname) \(given) \(patronymic)"
  }
}
