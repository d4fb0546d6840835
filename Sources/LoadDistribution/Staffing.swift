// SPDX-License-Identifier: GPL-3.0-or-later
public import University

/// A post that would fill vacant hours: a row of the staffing table.
public struct StaffingPost: Sendable, Hashable {
  /// Vacant work of one discipline that the post would take.
  public struct Work: Sendable, Hashable {
    /// The discipline.
    public var discipline: DisciplineID
    /// A kind of class, or a work of `norms.csv`.
    public var work: University.Work
    /// Hours of the term.
    public var hours: Hours
    /// Tasks, or parts of tasks.
    public var tasks: Int
  }

  /// The department that teaches the disciplines.
  public var department: DepartmentID
  /// A position of the policy: with the right to lecture where a lecture is among the work. Empty
  /// where the policy has none with a norm that may do the work; rate and norm are 0 then.
  public var position: String
  /// Share of a post, in quarters.
  public var rate: Double
  /// Hours of the term that the post would take, within its norm.
  public var hours: Hours
  /// Its norm of the term: position × rate.
  public var norm: Double
  /// What it would take, by discipline and work.
  public var works: [Work]

  /// The disciplines that the holder must be competent for, in the order of the work.
  public var disciplines: [DisciplineID] {
    var seen: Set<DisciplineID> = []
    return works.compactMap { seen.insert($0.discipline).inserted ? $0.discipline : nil }
  }
}

extension LoadDistribution {
  /// The posts that would fill what a distribution leaves vacant, by department.
  ///
  /// Vacant tasks go whole into posts within their norm, by discipline so that a post needs few of
  /// them, the largest discipline first and each into the first post that has room (first fit
  /// decreasing: at most 11/9 of the fewest posts and one more; D. S. Johnson, 1973). Lectures need a
  /// position that may lecture; of those that may, the one with the highest norm, so that posts are
  /// few. Nobody examines a discipline whose classes the same post would hold (L5). The rate of a
  /// post is what its hours need, rounded up to a quarter. A task longer than the norm of a whole
  /// post gets a post of a higher rate. Work that no position of the policy may do stands in a row
  /// without a position, so that the rows add up to what is vacant.
  public static func staffing(
    _ institution: Institution, tasks: Table<LoadTask>, assignments: [Assignment]
  ) -> [StaffingPost] {
    struct Open {
      var task: LoadTask
      var hours: Hours
    }
    var open: [DepartmentID: [Open]] = [:]
    for row in assignments where row.teacher == nil && row.hours > .zero {
      guard let task = tasks[row.task] else { continue }
      open[task.department, default: []].append(Open(task: task, hours: row.hours))
    }
    let positions = institution.policy.positions.filter { $0.termNormHours > 0 }
    let any = positions.max { ($0.termNormHours, $1.name) < ($1.termNormHours, $0.name) }
    let lecturing = positions.filter(\.mayLecture)
      .max { ($0.termNormHours, $1.name) < ($1.termNormHours, $0.name) }
    var result: [StaffingPost] = []
    for department in institution.departments {
      guard let vacant = open[department.id] else { continue }
      var sizes: [DisciplineID: Hours] = [:]
      for item in vacant { sizes[item.task.discipline, default: .zero] += item.hours }
      func isLecture(_ work: Work) -> Bool { work == .teaching(.lecture) }
      let order = vacant.enumerated().sorted { a, b in
        let (x, y) = (a.element.task, b.element.task)
        if x.discipline != y.discipline {
          let (p, q) = (sizes[x.discipline] ?? .zero, sizes[y.discipline] ?? .zero)
          return p != q ? p > q : x.discipline < y.discipline
        }
        if x.work != y.work { return x.work < y.work }
        return (b.element.hours, a.offset) < (a.element.hours, b.offset)
      }.map(\.element)

      var posts: [(position: Position, items: [Open], hours: Hours)] = []
      var without: [Open] = []
      for item in order {
        let work = item.task.work
        guard let position = isLecture(work) ? lecturing : any else {
          without.append(item)
          continue
        }
        func takes(_ post: (position: Position, items: [Open], hours: Hours)) -> Bool {
          let sum = (post.hours + item.hours).value
          guard sum <= post.position.termNormHours + 1e-9 || post.items.isEmpty else {
            return false
          }
          if isLecture(work) && !post.position.mayLecture { return false }
          guard institution.policy.examinerDiffersFromTeacher else { return true }
          return !post.items.contains { other in
            guard other.task.discipline == item.task.discipline else { return false }
            let isExam = (work == .norm("exam"), other.task.work == .norm("exam"))
            return (isExam.0 && other.task.work.teachingKind != nil)
              || (isExam.1 && work.teachingKind != nil)
          }
        }
        let known = posts.firstIndex { post in
          post.items.contains { $0.task.discipline == item.task.discipline } && takes(post)
        }
        if let at = known ?? posts.firstIndex(where: takes) {
          posts[at].items.append(item)
          posts[at].hours += item.hours
        } else {
          posts.append((position, [item], item.hours))
        }
      }
      func row(_ items: [Open], _ position: String, rate: Double, norm: Double) -> StaffingPost {
        var works: [StaffingPost.Work] = []
        for item in items {
          if let at = works.firstIndex(where: {
            $0.discipline == item.task.discipline && $0.work == item.task.work
          }) {
            works[at].hours += item.hours
            works[at].tasks += 1
          } else {
            works.append(
              StaffingPost.Work(
                discipline: item.task.discipline, work: item.task.work, hours: item.hours, tasks: 1)
            )
          }
        }
        return StaffingPost(
          department: department.id, position: position, rate: rate,
          hours: items.reduce(.zero) { $0 + $1.hours }, norm: norm, works: works)
      }
      for post in posts {
        let quarters = (post.hours.value / post.position.termNormHours * 4 - 1e-9).rounded(.up)
        let rate = max(1, quarters) / 4
        result.append(
          row(
            post.items, post.position.name, rate: rate, norm: post.position.termNormHours * rate))
      }
      if !without.isEmpty { result.append(row(without, "", rate: 0, norm: 0)) }
    }
    return result
  }
}
