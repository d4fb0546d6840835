// SPDX-License-Identifier: GPL-3.0-or-later
import University

/// Formation of the sections of one discipline and language.
///
/// Streams are chosen first, as sets of academic groups; practice and lab sections are packed
/// inside each stream, and a set of streams is judged by the cost of all of it.
struct Formation: Sendable {
  var problem: FormationProblem
  /// Whether what packing leaves open is partitioned exactly; see ``GroupPartition``.
  var isExact = false

  /// The number of streams up to which every partition of the pieces is tried.
  private static let enumerated = 7

  init(_ problem: FormationProblem, isExact: Bool = false) {
    self.problem = problem
    self.isExact = isExact
  }

  /// Portions of the members for a kind, in their order.
  func portions(_ members: [Int], _ kind: TeachingKind) -> [Portion] {
    var result: [Portion] = []
    var at: [Portion: Int] = [:]
    for index in members {
      let member = problem.members[index]
      let key = Portion(group: member.group, bond: member.bond(kind), count: 0)
      if let position = at[key] {
        result[position].count += 1
      } else {
        at[key] = result.count
        result.append(Portion(group: key.group, bond: key.bond, count: 1))
      }
    }
    return result
  }

  /// What the groups bring into a kind.
  func demands(_ members: [Int], _ kind: TeachingKind) -> [GroupDemand] {
    var students: [Int: Int] = [:]
    var lecturers: [Int: Set<Int>] = [:]
    var teachers: [Int: Set<Int>] = [:]
    for index in members {
      let member = problem.members[index]
      students[member.group, default: 0] += 1
      if problem.rules[.lecture] != nil, member.lecture.teacher >= 0 {
        lecturers[member.group, default: []].insert(member.lecture.teacher)
      }
      if member.bond(kind).teacher >= 0 {
        teachers[member.group, default: []].insert(member.bond(kind).teacher)
      }
    }
    return students.keys.sorted().map { group in
      GroupDemand(
        students: students[group] ?? 0,
        choices: max(lecturers[group]?.count ?? 0, teachers[group]?.count ?? 0))
    }
  }

  /// The fewest sections of a kind that the chosen teachers and the cap force.
  func fewestSections(_ members: [Int], _ kind: TeachingKind) -> Int {
    guard let rules = problem.rules[kind], !members.isEmpty else { return 0 }
    let teachers = Set(members.map { problem.members[$0].bond(kind).teacher }.filter { $0 >= 0 })
    return max(rules.fewest(members.count), teachers.count, 1)
  }

  /// Lower bound of the cost of each kind.
  func bounds() -> [TeachingKind: Double] {
    let all = Array(problem.members.indices)
    let streams = fewestSections(all, .lecture)
    return problem.rules.mapValues { rules in
      let counted = rules.lowerBound(
        demands(all, rules.kind), atLeast: max(streams, fewestSections(all, rules.kind)))
      return isExact ? max(counted, partitionBound(rules.kind) ?? 0) : counted
    }
  }

  /// Forms the sections by packing; see ``FormedSections``.
  func solve(isCancelled: () -> Bool) -> FormedSections {
    let all = Array(problem.members.indices)
    let bounds = bounds()
    let bound = TeachingKind.allCases.reduce(0) { $0 + (bounds[$1] ?? 0) }
    guard problem.rules[.lecture] != nil else {
      return realised([all], bound: bound)
    }
    return realised(streams(bound: bound, isCancelled: isCancelled), bound: bound)
  }

  // MARK: - Streams

  /// Sets of members for the streams.
  private func streams(bound: Double, isCancelled: () -> Bool) -> [[Int]] {
    guard let rules = problem.rules[.lecture] else { return [] }
    let all = Array(problem.members.indices)
    let packing = Packing(rules: rules)
    let (full, rest) = packing.pieces(portions(all, .lecture))
    var search = StreamSearch(
      formation: self, rules: rules, pieces: realise(full + rest, all, .lecture), bound: bound)
    search.run(enumerating: Formation.enumerated, isCancelled: isCancelled)
    var best = search.best
    if rules.splitCost < rules.sectionCost + rules.undersizedCost {
      let poured = realise(packing.pour(portions(all, .lecture)), all, .lecture)
      if poured.reduce(0, { $0 + cost(ofStream: $1) }) < search.bestCost - 1e-9 { best = poured }
    }
    return best
  }

  /// Cost of a stream with all that is packed inside it.
  func cost(ofStream members: [Int]) -> Double {
    TeachingKind.allCases.reduce(0) { sum, kind in
      guard let rules = problem.rules[kind] else { return sum }
      let packing = Packing(rules: rules)
      if kind == .lecture {
        return sum + packing.cost(Bin(portions(members, kind)))
      }
      return sum + packing.cost(packed(members, rules))
    }
  }

  private func packed(_ members: [Int], _ rules: KindRules) -> [Bin] {
    let bound = rules.lowerBound(
      demands(members, rules.kind), atLeast: fewestSections(members, rules.kind))
    let portions = portions(members, rules.kind)
    let bins = Packing(rules: rules).pack(portions, bound: bound)
    guard isExact, Packing(rules: rules).cost(bins) > bound + 1e-9 else { return bins }
    return cheaper(than: bins, portions, rules) ?? bins
  }

  // MARK: - From numbers to students

  /// Members of each bin: those of a group and bond are dealt in order.
  func realise(_ bins: [Bin], _ members: [Int], _ kind: TeachingKind) -> [[Int]] {
    var queues: [Portion: [Int]] = [:]
    for index in members.reversed() {
      let member = problem.members[index]
      queues[Portion(group: member.group, bond: member.bond(kind), count: 0), default: []]
        .append(index)
    }
    return bins.map { bin in
      var result: [Int] = []
      for portion in bin.portions {
        let key = Portion(group: portion.group, bond: portion.bond, count: 0)
        for _ in 0..<portion.count {
          if let next = queues[key]?.popLast() { result.append(next) }
        }
      }
      return result.sorted()
    }
  }

  /// Packs practice and lab inside the streams, evens them out, and gives them their students.
  func realised(_ streams: [[Int]], bound: Double) -> FormedSections {
    var bins: [TeachingKind: [[Bin]]] = [:]
    for kind in [TeachingKind.practice, .lab] {
      guard let rules = problem.rules[kind] else { continue }
      bins[kind] = streams.map { packed($0, rules) }
    }
    return realised(streams, bins, bound: bound)
  }

  /// The sections of decided streams and bins.
  func realised(
    _ streams: [[Int]], _ bins: [TeachingKind: [[Bin]]], bound: Double
  ) -> FormedSections {
    let hasLectures = problem.rules[.lecture] != nil
    var result = FormedSections(cost: 0, bound: bound)
    let ordered = streams.indices.sorted {
      (streams[$0].min() ?? 0, $0) < (streams[$1].min() ?? 0, $1)
    }
    if let rules = problem.rules[.lecture] {
      let packing = Packing(rules: rules)
      result.parts[.lecture] = ordered.map {
        FormedSections.Part(members: streams[$0].sorted(), parent: nil)
      }
      result.cost += streams.reduce(0) { $0 + packing.cost(Bin(portions($1, .lecture))) }
    }
    for (position, stream) in ordered.enumerated() {
      // Subgroups are cut from the practice groups in turn, so that few of them span two.
      var inOrder = streams[stream].sorted()
      for kind in [TeachingKind.practice, .lab] {
        guard let rules = problem.rules[kind], let packed = bins[kind]?[stream] else { continue }
        let packing = Packing(rules: rules)
        let even = packing.balanced(packed)
        result.cost += packing.cost(even)
        let sections = realise(even, inOrder, kind).sorted { ($0.min() ?? 0) < ($1.min() ?? 0) }
        result.parts[kind, default: []] += sections.map {
          FormedSections.Part(members: $0, parent: hasLectures ? position : nil)
        }
        if kind == .practice {
          var place: [Int: Int] = [:]
          for (section, members) in sections.enumerated() {
            for member in members { place[member] = section }
          }
          inOrder.sort { (place[$0] ?? 0, $0) < (place[$1] ?? 0, $1) }
        }
      }
    }
    return result
  }
}

/// Search for the partition of pieces into streams that costs least.
private struct StreamSearch {
  let formation: Formation
  let rules: KindRules
  /// Members that stay together.
  let pieces: [[Int]]
  /// Stop when it is met.
  let bound: Double
  private let bonds: [Bond]
  private var known: [[Int]: Double] = [:]
  private(set) var bestCost = Double.infinity
  private var bestStreams: [[Int]] = []

  init(formation: Formation, rules: KindRules, pieces: [[Int]], bound: Double) {
    self.formation = formation
    self.rules = rules
    // In the order of the file, so that neighbouring groups share streams in all disciplines.
    self.pieces = pieces.sorted { ($0.first ?? 0) < ($1.first ?? 0) }
    self.bound = bound
    bonds = self.pieces.map { piece in
      piece.reduce(Bond.none) {
        $0.merged(with: formation.problem.members[$1].lecture) ?? $0
      }
    }
  }

  /// Members of the best streams found.
  var best: [[Int]] { bestStreams.map { $0.flatMap { pieces[$0] }.sorted() } }

  mutating func run(enumerating limit: Int, isCancelled: () -> Bool) {
    let total = pieces.reduce(0) { $0 + $1.count }
    let least = max(
      rules.fewest(total), Set(bonds.map(\.teacher).filter { $0 >= 0 }).count, 1)
    for streams in least..<(least + 3) where streams <= max(1, pieces.count) && !met {
      consider(inOrder(streams), isCancelled)
    }
    if !met { consider(firstFit(), isCancelled) }
    for streams in least..<(least + 3) where streams <= max(1, pieces.count) && !met {
      consider(evened(streams), isCancelled)
    }
    if !met, pieces.count <= limit { enumerate(isCancelled) }
  }

  private var met: Bool { bestCost <= bound + 1e-9 }

  private func bond(_ stream: [Int]) -> Bond? {
    stream.reduce(Bond?.some(.none)) { $0?.merged(with: bonds[$1]) }
  }

  private func size(_ stream: [Int]) -> Int { stream.reduce(0) { $0 + pieces[$1].count } }

  private func fits(_ stream: [Int]) -> Bool {
    if stream.count <= 1 { return true }
    guard let bond = bond(stream) else { return false }
    return size(stream) <= rules.cap(bond)
  }

  private mutating func cost(_ stream: [Int]) -> Double {
    if stream.isEmpty { return 0 }
    let key = stream.sorted()
    if let value = known[key] { return value }
    let value = formation.cost(ofStream: key.flatMap { pieces[$0] }.sorted())
    known[key] = value
    return value
  }

  /// Streams filled in the order of the file to about equal sizes.
  private func inOrder(_ count: Int) -> [[Int]] {
    let total = pieces.reduce(0) { $0 + $1.count }
    var streams: [[Int]] = [[]]
    var placed = 0
    for (piece, members) in pieces.enumerated() {
      let target = total * streams.count / count
      let last = streams[streams.count - 1]
      // A piece that would lie mostly beyond the target starts the next stream.
      let late = streams.count < count && 2 * (target - placed) < members.count
      if !last.isEmpty, late || !fits(last + [piece]) {
        if let earlier = streams.dropLast().indices.first(where: { fits(streams[$0] + [piece]) }),
          !late
        {
          streams[earlier].append(piece)
        } else {
          streams.append([piece])
        }
      } else {
        streams[streams.count - 1].append(piece)
      }
      placed += members.count
    }
    return streams
  }

  private var decreasing: [Int] {
    pieces.indices.sorted { (pieces[$1].count, $0) < (pieces[$0].count, $1) }
  }

  private func firstFit() -> [[Int]] {
    var streams: [[Int]] = []
    for piece in decreasing {
      if let at = streams.firstIndex(where: { fits($0 + [piece]) }) {
        streams[at].append(piece)
      } else {
        streams.append([piece])
      }
    }
    return streams
  }

  /// Largest piece first, each into the smallest of so many streams.
  private func evened(_ count: Int) -> [[Int]] {
    var streams = [[Int]](repeating: [], count: count)
    for piece in decreasing {
      let open = streams.indices.filter { fits(streams[$0] + [piece]) }
      if let at = open.min(by: { (size(streams[$0]), $0) < (size(streams[$1]), $1) }) {
        streams[at].append(piece)
      } else {
        streams.append([piece])
      }
    }
    return streams
  }

  private mutating func consider(_ given: [[Int]], _ isCancelled: () -> Bool) {
    var streams = given.filter { !$0.isEmpty }
    var value = streams.reduce(0) { $0 + cost($1) }
    if value < bestCost - 1e-9 { (bestCost, bestStreams) = (value, streams) }
    var evaluations = 0
    var improved = true
    while improved, !met, evaluations < 4000, !isCancelled() {
      improved = false
      search: for a in streams.indices {
        for b in streams.indices where b != a {
          for first in streams[a].indices {
            for second in (a < b ? [nil] + streams[b].indices.map { Int?.some($0) } : [nil]) {
              var source = streams[a]
              var target = streams[b]
              let piece = source.remove(at: first)
              if let second {
                source.append(target.remove(at: second))
              }
              target.append(piece)
              guard fits(source), fits(target) else { continue }
              evaluations += 1
              let gain = cost(streams[a]) + cost(streams[b]) - cost(source) - cost(target)
              if gain > 1e-9 {
                (streams[a], streams[b]) = (source, target)
                streams.removeAll(where: \.isEmpty)
                value -= gain
                improved = true
                break search
              }
            }
          }
        }
      }
      if value < bestCost - 1e-9 { (bestCost, bestStreams) = (value, streams) }
    }
  }

  /// Every partition of the pieces.
  private mutating func enumerate(_ isCancelled: () -> Bool) {
    var streams: [[Int]] = []
    func extend(_ piece: Int, _ search: inout StreamSearch) {
      if isCancelled() || search.met { return }
      if piece == search.pieces.count {
        let value = streams.reduce(0) { $0 + search.cost($1) }
        if value < search.bestCost - 1e-9 {
          search.bestCost = value
          search.bestStreams = streams
        }
        return
      }
      for at in streams.indices where search.fits(streams[at] + [piece]) {
        streams[at].append(piece)
        extend(piece + 1, &search)
        streams[at].removeLast()
      }
      streams.append([piece])
      extend(piece + 1, &search)
      streams.removeLast()
    }
    extend(0, &self)
  }
}
