// SPDX-License-Identifier: GPL-3.0-or-later
public import University

extension Language {
  /// The words around the numbers of a finding: `at least 20 credits`, `before term 2`.
  ///
  /// Findings keep what there is and what there must be in English, for JSON; texts in the other
  /// languages put the few words of them into theirs. What is no such word stays, since it is a
  /// number or a name.
  public func measure(_ text: String) -> String {
    if self == .en { return text }
    var result = " \(text) "
    for (english, kk, ru) in Self.measures {
      result = result.replacing(" \(english) ", with: " \(says(kk, ru, english)) ")
    }
    return result.trimmed
  }

  /// Longer ones first.
  private static let measures: [(String, String, String)] = [
    ("is taken in the same term", "сол семестрде оқылады", "изучается в том же семестре"),
    (
      "has no mark although its term is marked", "семестрі бағаланған, бағасы жоқ",
      "без оценки, хотя семестр оценён"
    ),
    (
      "was not taken in an earlier term", "бұрынғы семестрде оқылмаған",
      "не изучался в более раннем семестре"
    ), ("stands at", "бағасы", "стоит оценка"), ("more than one", "бірден көп", "больше одной"),
    ("no cycle", "тұйықсыз", "без цикла"), ("none", "жоқ", "нет"),
    ("without alternatives", "баламасыз", "без альтернатив"),
    ("among alternatives", "баламалар арасында", "среди альтернатив"),
    ("no alternatives", "баламасыз", "без альтернатив"),
    ("alternatives", "баламалары бар", "с альтернативами"),
    ("at least", "кемінде", "не меньше"), ("at most", "ең көбі", "не больше"),
    ("before term", "мына семестрден бұрын:", "раньше семестра"),
    ("up to term", "мына семестрге дейін:", "до семестра"),
    ("before year", "мына курстан бұрын:", "раньше курса"),
    ("the same", "бірдей", "одинаково"), ("no mark", "баға жоқ", "нет оценки"),
    ("term", "семестр", "семестр"), ("year", "курс", "курс"), ("years", "жыл", "лет"),
    ("hours", "сағат", "ч"), ("credits", "кредит", "кредитов"),
    ("students", "студент", "студентов"), ("seats", "орын", "мест"),
    ("enrolments", "жазылу", "записей"), ("retakes", "қайта жазылу", "повторных записей"),
    ("marks", "баға", "оценок"), ("debts", "берешек", "долгов"), ("rows", "жол", "строк"),
    ("times", "рет", "раз"), ("once", "бір рет", "один раз"), ("passed", "тапсырған", "сдан"),
    ("first", "бірінші рет", "впервые"), ("retake", "қайта оқу", "повторно"),
    ("without", "онсыз", "без них"), ("of", "/", "из"), ("with", "жабдығы:", "с оснащением"),
    ("or", "не", "или"),
  ]
}

extension String {
  fileprivate var trimmed: String {
    String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }
}
