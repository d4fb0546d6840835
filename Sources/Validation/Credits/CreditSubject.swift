// SPDX-License-Identifier: GPL-3.0-or-later
import University

/// Whom or what a finding about credits is about, for the texts that are put together from parts.
enum CreditSubject {
  case curriculum(String)
  /// One, and how many more are as it is.
  case curricula(String, more: Int)
  case term(Int)
  case year(Int)
  case cycle(Cycle)
  case choice(String)
  case group(GroupID)
  /// One, or the first of several.
  case student(StudentID)
  case students([StudentID])
  case discipline(DisciplineID)
  case disciplines([DisciplineID])
  case prerequisite(DisciplineID)
  case kind(TeachingKind)
  /// One, or the first of several.
  case section(SectionID)

  /// `студент S1`, `например студент S1` where it is one of several.
  func words(in language: Language, isExample: Bool) -> String {
    let example = isExample ? language.says("мысалы ", "например ", "such as ") : ""
    return switch self {
    case .curriculum(let name):
      language.says("оқу жоспары \(name)", "учебный план \(name)", "curriculum \(name)")
    case .curricula(let name, let more):
      CreditSubject.curriculum(name).words(in: language, isExample: isExample)
        + (more == 0
          ? ""
          : language.says(
            " (осындай тағы \(more) жоспар)", " (и ещё таких планов: \(more))",
            " (and \(more) more)"))
    case .term(let term): language.says("\(term)-семестр", "семестр \(term)", "term \(term)")
    case .year(let year): language.says("\(year)-курс", "курс \(year)", "year \(year)")
    case .cycle(let cycle):
      switch cycle {
      case .general: language.says("ЖБП циклі", "цикл ООД", "general cycle")
      case .basic: language.says("БП циклі", "цикл БД", "basic cycle")
      case .major: language.says("КП циклі", "цикл ПД", "major cycle")
      }
    case .choice(let label): language.says("таңдау \(label)", "выбор \(label)", "choice \(label)")
    case .group(let id): language.says("топ \(id)", "группа \(id)", "group \(id)")
    case .student(let id):
      example + language.says("студент \(id)", "студент \(id)", "student \(id)")
    case .students(let all):
      all.count == 1
        ? language.says("студент \(all[0])", "студент \(all[0])", "student \(all[0])")
        : language.says("студенттер ", "студенты ", "students ")
          + listed(all.map(\.text), in: language)
    case .discipline(let id): language.says("пән \(id)", "дисциплина \(id)", "discipline \(id)")
    case .disciplines(let all):
      all.count == 1
        ? language.says("пән \(all[0])", "дисциплина \(all[0])", "discipline \(all[0])")
        : language.says("пәндер ", "дисциплины ", "disciplines ")
          + listed(all.map(\.text), in: language)
    case .prerequisite(let id):
      language.says("пререквизит \(id)", "пререквизит \(id)", "prerequisite \(id)")
    case .kind(let kind): kind.word(in: language)
    case .section(let id):
      example + language.says("секция \(id)", "секция \(id)", "section \(id)")
    }
  }
}
