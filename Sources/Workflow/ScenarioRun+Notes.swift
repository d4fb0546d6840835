// SPDX-License-Identifier: GPL-3.0-or-later
public import University

extension ScenarioRun {
  /// What has to be known to read the comparison of the run with its base.
  ///
  /// - Parameter base: The plan that the scenario started from.
  /// - Returns: A sentence each.
  public func notes(base: Plan) -> [Wording] {
    var result: [Wording] = []
    if isReleased {
      result.append(
        Wording(
          "деректерде берілген секциялар мен жүктеме басқа студенттерге арналған: бұл сценарийде "
            + "олар жаңадан құрылды",
          "секции и нагрузка, заданные в данных, – для других студентов: в этом сценарии они "
            + "составлены заново",
          "the sections and the load that the instance gives are of other students: in this scenario "
            + "they were made anew"))
    }
    let cut = cutInWeeks(base)
    if !cut.isEmpty {
      let count = cut.count
      result.append(
        Wording(
          "база бойынша \(count) сабақтың аудиториясы олардың тек кей апталарында жабық. Сценарийде "
            + "сабақ аптаға бөлінбейді: барлық апталарында ауысады. Қолданыстағы кестеде тек сол "
            + "апталарды өзгерту үшін: keste repair --close-room … --weeks …",
          "у \(count) занятий базы аудитория закрыта только в части их недель. В сценарии занятие по "
            + "неделям не делится: оно переносится во всех своих неделях. Чтобы в действующем "
            + "расписании изменить только эти недели: keste repair --close-room … --weeks …",
          "\(count) meetings of the base stand in a room that is closed in some of their weeks only. A "
            + "scenario does not cut a class at weeks: it moves in all of its weeks. To change these "
            + "weeks alone in a timetable in force: keste repair --close-room … --weeks …"))
    }
    let known: Set<Delivery> = [.room, .online, .lectureOnline]
    let own = institution.disciplines.filter { !known.contains($0.delivery) }
    if !own.isEmpty {
      let words = Set(own.map(\.delivery.rawValue)).sorted().joined(separator: ", ")
      result.append(
        Wording(
          "\(own.count) пәннің delivery сөзін (\(words)) тек keste біледі: деректерді оқитын басқа "
            + "бағдарламалар оны қабылдамауы мүмкін",
          "у \(own.count) дисциплин слово delivery (\(words)) известно только keste: другие программы, "
            + "читающие данные, могут его не принять",
          "\(own.count) disciplines have a delivery (\(words)) that only keste knows; other programs "
            + "that read the instance may refuse it"))
    }
    return result
  }

  /// Meetings of the base whose room is closed by the scenario in some of their weeks and not in others.
  private func cutInWeeks(_ base: Plan) -> [MeetingID] {
    var closed: [RoomID: [Availability]] = [:]
    for row in institution.availability where row.level == .forbidden {
      if case .room(let id) = row.subject { closed[id, default: []].append(row) }
    }
    return base.meetings.compactMap { meeting in
      guard let room = meeting.room, let rows = closed[room] else { return nil }
      let bits =
        rows.filter {
          ($0.day == nil || $0.day == meeting.day) && $0.from < meeting.slot + meeting.length
            && $0.to >= meeting.slot
        }.reduce(UInt64(0)) { $0 | $1.weeks.bits } & meeting.weeks.bits
      return bits != 0 && bits != meeting.weeks.bits ? meeting.id : nil
    }
  }
}
