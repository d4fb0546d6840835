// SPDX-License-Identifier: GPL-3.0-or-later
internal import University

extension RegisterRule {
  /// What mends a finding of the rule, in Kazakh and Russian; nil where the finding says it all. In
  /// English each finding has its own words.
  func remedy(in language: Language) -> String? {
    func says(_ kk: String, _ ru: String) -> String { language == .kk ? kk : ru }
    switch self {
    case .notMadeUp:
      return says(
        "уақыт босатыңыз, онлайн өткізіңіз немесе басқа оқытушыға беріңіз",
        "освободите время, проведите онлайн или с другим преподавателем")
    case .periodOrder, .midtermOutside:
      return says("periods мәндерін түзетіңіз", "исправьте periods")
    case .classInFinalControl:
      return says(
        "сабақтарды ауыстырыңыз немесе periods.final мәнін түзетіңіз",
        "перенесите занятия или исправьте periods.final")
    case .platformCapacity:
      return says(
        "ағынды бөліңіз немесе policy.platform_capacity мәнін көтеріңіз",
        "разделите поток или поднимите policy.platform_capacity")
    case .heldCompetence:
      return says("құзыреті бар оқытушыны алыңыз", "возьмите преподавателя с компетенцией")
    case .heldMode:
      return says(
        "өту түріне сай аудиторияны көрсетіңіз немесе алып тастаңыз",
        "укажите аудиторию или снимите её, как требует форма занятия")
    case .heldCapacity: return says("үлкенірек аудитория алыңыз", "возьмите аудиторию побольше")
    case .heldUnsuitable: return says("жарамды аудитория алыңыз", "возьмите подходящую аудиторию")
    case .heldClosed, .heldStudents: return says("басқа уақыт алыңыз", "возьмите другое время")
    case .heldTeacher:
      return says(
        "басқа уақыт немесе оқытушы алыңыз", "возьмите другое время или преподавателя")
    case .heldRoom:
      return says("басқа уақыт немесе аудитория алыңыз", "возьмите другое время или аудиторию")
    case .heldTravel:
      return says(
        "жақынырақ аудитория немесе басқа уақыт алыңыз",
        "возьмите аудиторию ближе или другое время")
    case .heldDayHours: return says("басқа күн алыңыз", "возьмите другой день")
    case .onlyAbsences: return says("қатысқандарды да енгізіңіз", "вносите и присутствующих")
    case .missingJournal:
      return says(
        "журналды немесе held.csv файлына өтпеген сабақтарды енгізіңіз",
        "внесите журнал или отменённые занятия в held.csv")
    case .limit:
      return says(
        "сағаттарды құжатпен себепті етіңіз немесе шығару туралы шешіңіз (саясат 6.2)",
        "зачтите часы по документам как уважительные или решите об отчислении (политика 6.2)")
    default: return nil
    }
  }
}
