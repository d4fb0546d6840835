// SPDX-License-Identifier: GPL-3.0-or-later
public import University

extension RegisterRule {
  /// What is not kept, for lists in the three languages; who, where and the numbers stand in columns
  /// of their own.
  public var title: Wording {
    switch self {
    case .notMadeUp:
      Wording(
        "Түскен сағаттарды өтеуге уақыт табылмады",
        "Для выпавших часов не найдено времени отработки", "Hours that fall out are not made up")
    case .periodOrder:
      Wording(
        "Бақылау кезеңдерінің реті бұзылған", "Нарушен порядок периодов контроля",
        "Periods of control are out of order")
    case .midtermOutside:
      Wording(
        "Аралық бақылау семестр апталарынан тыс", "Рубежный контроль вне недель семестра",
        "Midterm control lies outside the term")
    case .classInFinalControl:
      Wording(
        "Қорытынды бақылау кезінде сабақ бар", "Занятие во время итогового контроля",
        "A class in the final control")
    case .platformCapacity:
      Wording(
        "Онлайн сабақта платформа сыйымдылығынан көп студент",
        "На онлайн-занятии студентов больше, чем вмещает платформа",
        "An online class is larger than the platform")
    case .heldSection:
      Wording(
        "Жоспарда мұндай секция жоқ", "В плане нет такой секции", "No such section in the plan")
    case .heldNoMeeting:
      Wording(
        "Бұл күні секцияның сабағы жоқ", "У секции в этот день нет занятия",
        "The section does not meet on that date")
    case .heldAmbiguous:
      Wording(
        "Бұл күні бірнеше сабақ бар: қайсысы екені көрсетілмеген",
        "В этот день несколько занятий: не указано, какое",
        "Several classes that day: which is meant?")
    case .heldRepeated:
      Wording("Сабақ екі рет жазылған", "Занятие записано дважды", "A class is entered twice")
    case .heldFallenOut:
      Wording(
        "Бұл күні сабақ мереке не демалыс салдарынан өтпейді",
        "В этот день занятие выпадает из-за праздника", "The class falls out on that date")
    case .heldNewDate:
      Wording(
        "Сабақ жылжытылған күн жарамсыз", "Дата переноса не подходит",
        "The new date is no day of classes")
    case .heldGrid:
      Wording(
        "Сабақ күннің сағаттарынан тыс", "Занятие выходит за часы дня",
        "The class lies outside the slots of the day")
    case .heldCompetence:
      Wording(
        "Алмастырушының құзыреті жоқ", "У замещающего нет компетенции",
        "The substitute may not teach it")
    case .heldTeacher:
      Wording(
        "Оқытушының сол уақытта басқа сабағы бар", "У преподавателя в это время другое занятие",
        "The teacher holds another class then")
    case .heldRoom:
      Wording("Аудитория бос емес", "Аудитория занята", "The room is taken")
    case .heldStudents:
      Wording(
        "Студенттердің сол уақытта басқа сабағы бар", "У студентов в это время другое занятие",
        "Students have another class then")
    case .heldCapacity:
      Wording("Аудиторияда орын жетпейді", "В аудитории не хватает мест", "The room is too small")
    case .heldUnsuitable:
      Wording("Аудитория жарамсыз", "Аудитория не подходит", "The room does not suit")
    case .heldMode:
      Wording(
        "Аудитория сабақтың форматына сай емес", "Аудитория не соответствует формату занятия",
        "Room and mode do not agree")
    case .heldClosed:
      Wording(
        "Оқытушының, аудиторияның не топтың жабық уақыты",
        "Закрытое время преподавателя, аудитории или группы",
        "A closed time of teacher, room or group")
    case .heldTravel:
      Wording("Жолға уақыт жетпейді", "Не хватает времени на дорогу", "Too little time to travel")
    case .heldDayHours:
      Wording("Күндік сағат шегінен асқан", "Превышены часы в день", "Too many hours in a day")
    case .section:
      Wording(
        "Журналдағы секция жоспарда жоқ", "Секции журнала нет в плане",
        "The journal's section is not in the plan")
    case .outsideTerm:
      Wording("Күні семестрден тыс", "Дата вне семестра", "The date is outside the term")
    case .dayOff:
      Wording("Демалыс күнгі жазба", "Запись на выходной день", "An entry on a day off")
    case .noMeeting:
      Wording(
        "Бұл күні секцияның сабағы жоқ", "У секции в этот день нет занятия",
        "The section does not meet on that date")
    case .notHeld:
      Wording("Сабақ өтпеген", "Занятие не состоялось", "The class was not held")
    case .notMember:
      Wording("Студент секцияда жоқ", "Студента нет в секции", "The student is not in the section")
    case .hours:
      Wording(
        "Сағаттар сабақтың уақытынан тыс", "Часы вне времени занятия",
        "Slot or hours lie outside the class")
    case .repeated:
      Wording("Сағат екі рет жазылған", "Час записан дважды", "An hour is entered twice")
    case .missingJournal:
      Wording("Журнал жоқ", "Нет журнала", "The journal is missing")
    case .onlyAbsences:
      Wording(
        "Журналда тек келмегендер: жоқ журналды анықтау мүмкін емес",
        "В журнале только отсутствующие: пропавший журнал не распознать",
        "The journal has absences only: a missing one cannot be told")
    case .warning:
      Wording(
        "Себепсіз сағаттар ескерту шегіне жетті",
        "Пропуски без причины достигли порога предупреждения", "Unexcused hours reach the warning")
    case .limit:
      Wording(
        "Себепсіз сағаттар шекке жетті", "Пропуски без причины достигли предела",
        "Unexcused hours reach the limit")
    case .teacherHours:
      Wording(
        "Оқытушының өткізген сағаты жүктемеге сай емес",
        "Проведённые часы преподавателя не совпадают с нагрузкой",
        "A teacher's hours differ from the load")
    }
  }
}
