// SPDX-License-Identifier: GPL-3.0-or-later
import University
import Validation

/// What the registrar's documents say by themselves, in all three languages.
enum RegistrarPhrase: CaseIterable {
  case promotionTitle, transcriptTitle, summary, list, distributionTitle, curveTitle
  case student, name, group, programme, level, form, year, entryYear, term, discipline
  case gpaOfYear, gpa, required, earned, debts, resits, decision
  case students, promoted, held, noGrades, noThreshold
  case marks, passedMarks, notApplicable, tied, lowest
  case credits, hours, points, letter, equivalent, total, current, status, classes
  case note, curveNote, none, bachelor, master, doctorate, fullTime, extramural
  case first, retake, mobility

  private var texts: (kk: String, ru: String, en: String) {
    switch self {
    case .promotionTitle:
      ("GPA ауысу тізімі", "Список на перевод с курса на курс", "GPA promotion list")
    case .transcriptTitle: ("Транскрипт", "Транскрипт", "Transcript")
    case .summary: ("Жиынтығы", "Сводка", "Summary")
    case .list: ("Білім алушылар тізімі", "Список обучающихся", "Students")
    case .distributionTitle:
      ("Бағалау кестесі", "Таблица распределения оценок", "Grade distribution")
    case .curveTitle: ("ECTS шәкілі", "Шкала ECTS", "ECTS curve")
    case .student: ("Нөмірі", "Номер", "Student")
    case .name: ("Аты-жөні", "ФИО", "Name")
    case .group: ("Топ", "Группа", "Group")
    case .programme: ("ББ", "ОП", "Programme")
    case .level: ("Деңгей", "Уровень", "Level")
    case .form: ("Оқу түрі", "Форма обучения", "Form")
    case .year: ("Курс", "Курс", "Year")
    case .entryYear: ("Түскен жылы", "Год поступления", "Entered")
    case .term: ("Семестр", "Семестр", "Term")
    case .discipline: ("Пән", "Дисциплина", "Discipline")
    case .gpaOfYear: ("Курстың GPA-сы", "GPA за курс", "GPA of the year")
    case .gpa: ("Жалпы GPA", "Общий GPA", "GPA overall")
    case .required: ("Ауысу балы", "Переводной балл", "Needed")
    case .earned: ("Жинаған кредиттер", "Освоено кредитов", "Credits earned")
    case .debts:
      ("F: қайта оқу", "F: повторное изучение", "F: to be taken again")
    case .resits: ("FX: қайта тапсыру", "FX: пересдача", "FX: resit")
    case .decision: ("Шешім", "Решение", "Decision")
    case .students: ("Студент саны", "Кол-во студентов", "Students")
    case .promoted: ("Көшіріледі", "Переводится", "Promoted")
    case .held: ("Көшірілмейді", "Не переводится", "Not promoted")
    case .noGrades: ("Баға жоқ", "Нет оценок", "No marks")
    case .noThreshold: ("Шек белгіленбеген", "Балл не установлен", "No threshold")
    case .marks: ("Бағалар", "Оценок", "Marks")
    case .passedMarks: ("Оң бағалар", "Положительных", "Passed")
    case .notApplicable: ("қолданылмайды", "не применяется", "n/a")
    case .tied: ("тең балдар шекарада", "равные баллы на границе", "equal points at the boundary")
    case .lowest: ("балдан бастап", "от баллов", "from points")
    case .credits: ("Кредит", "Кредиты", "Credits")
    case .hours: ("Сағат", "Часы", "Hours")
    case .points: ("Балл", "Баллы", "Points")
    case .letter: ("Әріптік баға", "Буквенная оценка", "Letter")
    case .equivalent: ("Цифрлық баламасы", "Цифровой эквивалент", "Equivalent")
    case .total: ("Барлығы", "Итого", "Total")
    case .current: ("Ағымдағы семестр", "Текущий семестр", "Current term")
    case .status: ("Мәртебесі", "Статус", "Status")
    case .classes:
      ("Дәріс / практика / зертхана", "Лек. / прак. / лаб.", "Lecture / practice / lab")
    case .note:
      (
        "Саясаттың 3.2 тармағы: курс сессияларының GPA-сы деңгей, оқу түрі және курс бойынша ауысу "
          + "балынан кем болмауы керек. Әр пәннің соңғы бағасы есептеледі.",
        "Пункт 3.2 политики: GPA за сессии курса не ниже переводного балла по уровню, форме и "
          + "курсу. По каждой дисциплине считается последняя оценка.",
        "Policy 3.2: the GPA of the year's sessions is at least the one needed for level, form and "
          + "year. The last mark of each discipline counts."
      )
    case .curveNote:
      (
        "Саясаттың 3.1 тармағы: тек оң бағалар рейтингке кіреді; оннан аз болса, қолданылмайды. Бұл "
          + "есеп бағаларды өзгертпейді.",
        "Пункт 3.1 политики: ранжируются только положительные оценки; менее десяти — не "
          + "применяется. Отчёт не меняет оценок.",
        "Policy 3.1: only passes are ranked; for fewer than ten the curve does not apply. The "
          + "report changes no mark."
      )
    case .none: ("Бағалар жоқ", "Оценок нет", "There are no marks")
    case .bachelor: ("бакалавриат", "бакалавриат", "bachelor")
    case .master: ("магистратура", "магистратура", "master")
    case .doctorate: ("докторантура", "докторантура", "doctorate")
    case .fullTime: ("күндізгі", "очная", "full-time")
    case .extramural: ("сырттай", "заочная", "part-time")
    case .first: ("алғаш рет", "впервые", "first")
    case .retake: ("қайта оқу", "повторно", "retake")
    case .mobility: ("ұтқырлық", "мобильность", "mobility")
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

  init(_ level: Level) {
    self =
      switch level {
      case .bachelor: .bachelor
      case .master: .master
      case .doctorate: .doctorate
      }
  }

  init(_ form: StudyForm) { self = form == .fullTime ? .fullTime : .extramural }

  init(_ decision: Promotion.Decision) {
    self =
      switch decision {
      case .promoted: .promoted
      case .held: .held
      case .noGrades: .noGrades
      case .noThreshold: .noThreshold
      }
  }

  init(_ status: EnrolmentStatus) {
    self =
      switch status {
      case .first: .first
      case .retake: .retake
      case .mobility: .mobility
      }
  }
}
