// SPDX-License-Identifier: GPL-3.0-or-later
public import University

extension CreditRule {
  /// What is not kept, for lists in the three languages.
  public var title: Wording {
    switch self {
    case .hours:
      Wording(
        "Пән сағаттары кредиттерінен асады", "Часы дисциплины превышают её кредиты",
        "Hours exceed the credits")
    case .curriculumTerm:
      Wording(
        "Оқу жоспары семестрінің кредиттері шектен тыс",
        "Кредиты семестра учебного плана вне пределов", "Credits of a curriculum's term")
    case .year:
      Wording(
        "Оқу жылының кредиттері талапқа сай емес", "Кредиты учебного года не по норме",
        "Credits of a year")
    case .programme:
      Wording(
        "Бағдарламаның кредиттері талапқа сай емес", "Кредиты программы не по норме",
        "Credits of a programme")
    case .duration:
      Wording(
        "Бағдарлама тым қысқа", "Программа слишком коротка", "The programme is too short")
    case .cycle:
      Wording(
        "Циклде кредит жетпейді", "В цикле не хватает кредитов", "Too few credits of a cycle")
    case .term:
      Wording(
        "Студенттің семестр кредиттері шектен тыс", "Кредиты студента в семестре вне пределов",
        "A student's credits of the term")
    case .onlyOption:
      Wording("Таңдауда бір ғана пән бар", "В выборе одна дисциплина", "A choice of one")
    case .alternatives:
      Wording(
        "Таңдау пәндерінің кредиттері әртүрлі", "У дисциплин выбора разные кредиты",
        "Alternatives of unequal credits")
    case .component:
      Wording(
        "Компонент таңдауға сай емес", "Компонент не соответствует выбору",
        "Component and choice do not agree")
    case .unclassified:
      Wording(
        "Пәннің циклі не компоненті жоқ", "У дисциплины нет цикла или компонента",
        "No cycle or component")
    case .repeated:
      Wording(
        "Пән оқу жоспарында екі рет тұр", "Дисциплина в учебном плане дважды",
        "A discipline stands in a curriculum twice")
    case .noCurriculum:
      Wording(
        "Топтың семестріне оқу жоспары жоқ", "Для семестра группы нет учебного плана",
        "No curriculum for a group's term")
    case .order:
      Wording(
        "Пререквизит оқу жоспарында кейінірек тұр", "Пререквизит стоит в плане позже",
        "A prerequisite stands later in the curriculum")
    case .prerequisite:
      Wording(
        "Студент пререквизитті тапсырмаған", "Студент не сдал пререквизит",
        "A prerequisite is not passed")
    case .outside:
      Wording(
        "Жазылу оқу жоспарында да, каталогта да жоқ", "Записи нет ни в плане, ни в каталоге",
        "An enrolment outside curriculum and catalogue")
    case .missing:
      Wording(
        "Студент оқу жоспарындағы пәнге жазылмаған",
        "Студент не записан на дисциплину плана", "A discipline of the curriculum is missing")
    case .choice:
      Wording(
        "Студент таңдаудан дәл бір пән алмаған", "Студент выбрал не ровно одну дисциплину",
        "Not one of the alternatives")
    case .notEnrolled:
      Wording("Студент ешқайда жазылмаған", "Студент никуда не записан", "No enrolment")
    case .retake:
      Wording(
        "Қайта оқу негізсіз: пән F алмаған", "Повторное изучение без F",
        "A retake of what was not failed")
    case .resit:
      Wording(
        "FX кейін сабақсыз қайта тапсырады, жазылу керек емес",
        "После FX пересдача без занятий, запись не нужна", "After FX a resit without classes")
    case .failedBefore:
      Wording(
        "F алған студент қайта оқу ретінде жазылмаған",
        "Получивший F записан не на повторное изучение", "Failed before, but no retake")
    case .notRepeated:
      Wording(
        "F алған студент пәнге қайта жазылмаған", "Получивший F не записан снова",
        "Failed with F and not enrolled again")
    case .finalYear:
      Wording(
        "Қосымша семестр бітіруші курсқа берілмейді",
        "Дополнительный семестр не для выпускного курса",
        "The additional semester is not for the final year")
    case .gradeCredits:
      Wording(
        "Баға кредиттері пәндікінен өзгеше", "Кредиты оценки не те, что у дисциплины",
        "Credits of a mark")
    case .gradeRepeated:
      Wording(
        "Бір семестрде екі баға", "Две оценки за один семестр", "Two marks of a term")
    case .gradeTerm:
      Wording(
        "Баға болашақ семестрден", "Оценка за будущий семестр", "A mark of a term to come")
    case .promotion:
      Wording(
        "Көшіру GPA шегінен төмен", "GPA ниже порога перевода", "GPA below that of promotion")
    case .attestation:
      Wording(
        "Қорытынды аттестаттау алдында қарыз бар", "Долги перед итоговой аттестацией",
        "Debts before the final attestation")
    case .sectionHours:
      Wording(
        "Секция сағаттары оқу жоспарындағыдай емес", "Часы секций не те, что в плане",
        "Hours of sections")
    case .loadHours:
      Wording(
        "Жүктеме сағаттары секциялардікіндей емес", "Часы нагрузки не те, что у секций",
        "Hours of the load")
    case .deliveredHours:
      Wording(
        "Кесте секция сағаттарын толық бермейді", "Расписание даёт не все часы секции",
        "Delivered hours")
    case .planCredits:
      Wording(
        "Жоспар студент жазылған кредиттердің бәрін қамтымайды",
        "План охватывает не все кредиты студента", "Credits of the plan")
    }
  }
}
