// SPDX-License-Identifier: GPL-3.0-or-later
import LinearModels
import Synchronization
import University

/// Counts how often a solver asks whether to stop, which it does at every node: unlike a clock it
/// ends a search at the same place on every machine.
final class SearchLimit: Sendable {
  private let asked = Atomic<Int>(0)
  private let most: Int

  init(_ most: Int) { self.most = most }

  /// Questions so far.
  var count: Int { min(most, asked.load(ordering: .relaxed)) }
  /// Whether there were too many.
  var isReached: Bool { asked.load(ordering: .relaxed) >= most }

  /// Counts a question; true when there are too many.
  func ask() -> Bool { asked.add(1, ordering: .relaxed).newValue >= most }
}

/// The formation of sections as a mixed-integer programme, for what packing leaves unproved.
///
/// `x[portion][section]` students, `y[group][section]`, `z[section]` open, `u[section]` undersized,
/// `o[section]` students above the norm, `t[section][bond]` the bond of a section; minimise
/// Σ section·z + split·y + undersized·u + over·o. In a discipline with several streams each stream
/// has its own practice and lab sections, and the students of a stream and bond are the same in all
/// three kinds (S5).
struct FormationProgramme {
  /// Integer columns beyond which GLPK is not asked: it would not close the gap in seconds.
  static let mostIntegers = 260

  private struct Slot {
    var rules: KindRules
    var open: LinearModel.Variable
    /// Students by class of members.
    var students: [LinearModel.Variable]
  }

  private let formation: Formation
  private let kinds: [TeachingKind]
  /// Members that are alike: group and bonds.
  private var classes: [(member: Member, members: [Int])] = []
  private var model = LinearModel(name: "sections")
  /// Sections by stream and kind.
  private var slots: [[TeachingKind: [Slot]]] = []
  private var integers = 0

  /// The programme of some kinds, with at most so many streams (1 where they play no part) and so
  /// many sections of a kind in a stream; nil where it is too large.
  init?(
    _ formation: Formation, kinds: [TeachingKind], streams: Int, sections: [TeachingKind: Int]
  ) {
    self.formation = formation
    self.kinds = kinds
    var at: [Member: Int] = [:]
    for (index, member) in formation.problem.members.enumerated() {
      var key = member
      key.student = ""
      key.order = 0
      if !kinds.contains(.lecture) { key.lecture = .none }
      if !kinds.contains(.practice) { key.practice = .none }
      if !kinds.contains(.lab) { key.lab = .none }
      if let position = at[key] {
        classes[position].members.append(index)
      } else {
        at[key] = classes.count
        classes.append((key, [index]))
      }
    }
    var expected = 0
    for kind in kinds {
      let bonds = Set(classes.map { $0.member.bond(kind) }).count
      let count = kind == .lecture ? 1 : sections[kind] ?? 0
      let groups = formation.problem.groups.count
      expected += streams * count * (classes.count + groups + 2 + bonds)
    }
    guard expected <= FormationProgramme.mostIntegers else { return nil }
    for _ in 0..<streams { addStream(sections) }
    for kind in kinds { addCovers(kind) }
    addOrder()
  }

  private mutating func addStream(_ sections: [TeachingKind: Int]) {
    var byKind: [TeachingKind: [Slot]] = [:]
    for kind in kinds {
      guard let rules = formation.problem.rules[kind] else { continue }
      let count = kind == .lecture ? 1 : sections[kind] ?? 0
      byKind[kind] = (0..<count).map { _ in addSlot(rules) }
    }
    slots.append(byKind)
    // The students of a stream are those of its practice sections and of its lab sections.
    guard let lecture = byKind[.lecture]?.first else { return }
    for kind in kinds where kind != .lecture {
      for index in classes.indices {
        let inside = (byKind[kind] ?? []).map { LinearModel.Term(1, $0.students[index]) }
        model.addRow(
          lower: 0, upper: 0, inside + [LinearModel.Term(-1, lecture.students[index])])
      }
    }
  }

  private mutating func addSlot(_ rules: KindRules) -> Slot {
    let open = model.addBinary(cost: rules.sectionCost)
    let students = classes.map {
      model.addVariable(upper: Double($0.members.count), domain: .integer)
    }
    let size = students.map { LinearModel.Term(1, $0) }
    let cap = Double(min(rules.cap, formation.problem.members.count))
    model.addRow(upper: 0, size + [LinearModel.Term(-cap, open)])
    model.addRow(lower: 0, size + [LinearModel.Term(-1, open)])
    if rules.leastSize > 1, rules.undersizedCost > 0 {
      let undersized = model.addBinary(cost: rules.undersizedCost)
      let least = Double(rules.leastSize)
      model.addRow(
        lower: 0,
        size + [LinearModel.Term(-least, open), LinearModel.Term(least, undersized)])
    }
    if let norm = rules.norm, rules.overCost > 0, norm < rules.cap {
      let over = model.addVariable(cost: rules.overCost)
      model.addRow(
        upper: 0, size + [LinearModel.Term(-Double(norm), open), LinearModel.Term(-1, over)])
    }
    for group in formation.problem.groups.indices {
      let inGroup = classes.indices.filter { classes[$0].member.group == group }
      guard !inGroup.isEmpty else { continue }
      let present = model.addBinary(cost: rules.splitCost)
      let number = inGroup.reduce(0) { $0 + classes[$1].members.count }
      let most = Double(min(number, rules.cap))
      model.addRow(
        upper: 0,
        inGroup.map { LinearModel.Term(1, students[$0]) } + [LinearModel.Term(-most, present)])
      model.addRow(upper: 0, [LinearModel.Term(1, present), LinearModel.Term(-1, open)])
    }
    addBonds(rules, open, students)
    return Slot(rules: rules, open: open, students: students)
  }

  /// Bonds of one section: at most one teacher, at most one pin.
  private mutating func addBonds(
    _ rules: KindRules, _ open: LinearModel.Variable, _ students: [LinearModel.Variable]
  ) {
    func exclusive(_ value: (Bond) -> Int) {
      let values = Set(classes.map { value($0.member.bond(rules.kind)) }.filter { $0 >= 0 })
      guard !values.isEmpty else { return }
      var choice: [LinearModel.Term] = []
      for wanted in values.sorted() {
        let chosen = model.addBinary()
        choice.append(LinearModel.Term(1, chosen))
        for index in classes.indices where value(classes[index].member.bond(rules.kind)) == wanted {
          let most = Double(classes[index].members.count)
          model.addRow(
            upper: 0, [LinearModel.Term(1, students[index]), LinearModel.Term(-most, chosen)])
        }
        let bond = Bond(teacher: -1, pin: wanted)
        if value(bond) == wanted, rules.cap(bond) < rules.cap {
          let all = Double(min(rules.cap, formation.problem.members.count))
          let pinned = Double(rules.cap(bond))
          guard pinned < all else { continue }
          model.addRow(
            upper: all,
            students.map { LinearModel.Term(1, $0) } + [LinearModel.Term(all - pinned, chosen)])
        }
      }
      model.addRow(upper: 0, choice + [LinearModel.Term(-1, open)])
    }
    exclusive { $0.teacher }
    exclusive { $0.pin }
  }

  /// Every student has a section of each kind, and at least the fewest sections are open.
  private mutating func addCovers(_ kind: TeachingKind) {
    let all = slots.flatMap { $0[kind] ?? [] }
    for index in classes.indices {
      let count = Double(classes[index].members.count)
      model.addRow(
        lower: count, upper: count, all.map { LinearModel.Term(1, $0.students[index]) })
    }
    let members = Array(formation.problem.members.indices)
    model.addRow(
      lower: Double(formation.fewestSections(members, kind)),
      all.map { LinearModel.Term(1, $0.open) })
  }

  /// Sections of one kind are alike: larger ones first.
  private mutating func addOrder() {
    func ordered(_ slots: [Slot]) {
      for (a, b) in zip(slots, slots.dropFirst()) {
        model.addRow(
          lower: 0,
          a.students.map { LinearModel.Term(1, $0) } + b.students.map { LinearModel.Term(-1, $0) })
      }
    }
    for stream in slots {
      for kind in kinds where kind != .lecture { ordered(stream[kind] ?? []) }
    }
    if kinds.contains(.lecture) { ordered(slots.compactMap { $0[.lecture]?.first }) }
  }

  /// What the programme came to: streams as members, bins by kind and stream, and a bound.
  struct Result {
    var streams: [[Int]]
    var bins: [TeachingKind: [[Bin]]]
    var objective: Double?
    var bound: Double?
    /// Whether the sections may be used: what a clock leaves depends on the speed of the machine.
    var isRepeatable: Bool
  }

  /// All costs are whole multiples of this, so that a bound can be rounded up; 0 where there is no
  /// such step.
  private var step: Double {
    var common = 0
    for column in model.columns where column.cost > 0 {
      let thousandths = (column.cost * 1000).rounded()
      guard abs(thousandths - column.cost * 1000) < 1e-9, thousandths < 1e12 else { return 0 }
      var (a, b) = (Int(thousandths), common)
      while b != 0 { (a, b) = (b, a % b) }
      common = a
    }
    return Double(common) / 1000
  }

  /// Solves it, knowing sections of the given cost.
  func solve(
    _ solver: any LinearSolver, _ given: SolveOptions, _ limit: SearchLimit, incumbent: Double
  ) throws -> Result {
    var options = given
    let isCancelled = given.isCancelled
    options.isCancelled = { limit.ask() || isCancelled?() ?? false }
    let step = step
    options.relativeGap = 0.9 * step / max(1, incumbent)
    let solution = try solver.solve(model, options)
    var bound = solution.status == .infeasible ? .infinity : solution.bound
    if step > 0, let exact = bound, exact.isFinite {
      bound = ((exact - 1e-6) / step).rounded(.up) * step
    }
    var result = Result(
      streams: [], bins: [:], objective: solution.objective, bound: bound,
      isRepeatable: solution.status == .optimal || limit.isReached)
    guard solution.objective != nil else { return result }
    func count(_ slot: Slot, _ index: Int) -> Int {
      Int(solution.values[slot.students[index].index].rounded())
    }
    var next = [Int](repeating: 0, count: classes.count)
    for stream in slots {
      var members: [Int] = []
      for index in classes.indices {
        let number: Int =
          stream[.lecture]?.first.map { count($0, index) }
          ?? (kinds.contains(.lecture) ? 0 : classes[index].members.count)
        members += classes[index].members[next[index]..<(next[index] + number)]
        next[index] += number
      }
      guard !members.isEmpty else { continue }
      result.streams.append(members.sorted())
      for kind in kinds where kind != .lecture {
        let bins = (stream[kind] ?? []).map { slot in
          Bin(
            classes.indices.map {
              Portion(
                group: classes[$0].member.group, bond: classes[$0].member.bond(kind),
                count: count(slot, $0))
            })
        }
        result.bins[kind, default: []].append(bins.filter { $0.size > 0 })
      }
    }
    return result
  }
}
