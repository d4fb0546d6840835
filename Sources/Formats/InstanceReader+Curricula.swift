// SPDX-License-Identifier: GPL-3.0-or-later
internal import University

// Faults between the rows of disciplines.csv: FORMATS.md section 6 names both as input errors.
extension InstanceReader {
  /// Notes credits × credit_hours ≠ lecture + practice + lab + SROP + SRO where all are given.
  func judgeCredits(
    _ row: Row, _ columns: DisciplineColumns, _ value: Discipline, credits: Double
  ) {
    guard let srop = value.srop, let sro = value.sro,
      value.hours.count == TeachingKind.allCases.count
    else { return }
    let parts = TeachingKind.allCases.map { value.hours($0) } + [srop, sro]
    let sum = parts.reduce(0, +)
    let wanted = credits * Double(settings.policy.creditHours)
    guard abs(wanted - Double(sum)) > 1e-6 * max(1, wanted) else { return }
    let shown = CSVWriter.shortest((wanted * 1e6).rounded() / 1e6)
    let given = CSVWriter.shortest(credits)
    let hour = settings.policy.creditHours
    let added =
      "lecture + practice + lab + srop + sro = "
      + parts.map(String.init).joined(separator: " + ") + " = \(sum)"
    row.reject(
      "credits.sum", columns.credits, policy: "2.2", found: "\(sum)", required: shown,
      Wording(
        "\(value.id): әрқайсысы \(hour) сағаттық \(given) кредит – \(shown) сағат, ал \(added)",
        "\(value.id): кредитов \(given) по \(hour) ч – это \(shown) ч, а \(added)",
        "\(value.id): \(given) credits of \(hour) hours are \(shown) hours, but \(added)"),
      remedy: Wording(
        "кредиттерді немесе сағаттарды түзетіңіз", "исправьте кредиты или часы",
        "change the credits or the hours"))
  }

  /// Notes each cycle among prerequisites once, at its first discipline in the order of the file.
  ///
  /// Complexity: O(disciplines + prerequisites) for the components, and a breadth-first search in
  /// each that holds a cycle.
  func noteCycles(among rows: [Row], _ columns: DisciplineColumns) {
    let count = it.disciplines.count
    let next = it.disciplines.map { row in
      row.prerequisites.compactMap { it.disciplines.position(of: $0) }
    }
    let component = Self.components(next)
    var told: Set<Int> = []
    for start in 0..<count where !told.contains(component[start]) {
      guard let path = Self.cycle(from: start, next: next, component: component) else { continue }
      told.insert(component[start])
      let names = (path + [start]).map { it.disciplines[$0].id.text }
      let shown = names.joined(separator: " → ")
      rows[start].reject(
        "prerequisites.cycle", columns.prerequisites, policy: "1.2.27", found: shown,
        required: "no cycle",
        Wording(
          "пререквизиттер тұйықталған: \(shown)", "цикл среди пререквизитов: \(shown)",
          "a cycle among prerequisites: \(shown)"),
        remedy: Wording("біреуін алып тастаңыз", "уберите один из них", "remove one of them"))
    }
  }

  /// The shortest way from a node back to itself within its component; nil where there is none.
  private static func cycle(from start: Int, next: [[Int]], component: [Int]) -> [Int]? {
    var previous: [Int: Int] = [:]
    var queue = [start]
    var head = 0
    while head < queue.count {
      let node = queue[head]
      head += 1
      for other in next[node] where component[other] == component[start] {
        if other == start {
          var path = [node]
          while let back = previous[path[path.count - 1]] { path.append(back) }
          return path.reversed()
        }
        if previous[other] == nil {
          previous[other] = node
          queue.append(other)
        }
      }
    }
    return nil
  }

  /// The strongly connected component of each node.
  ///
  /// Source: R. Tarjan, "Depth-first search and linear graph algorithms", SIAM J. Comput. 1 (1972),
  /// doi:10.1137/0201010; with a stack of its own, so that long chains do not exhaust the thread's.
  static func components(_ next: [[Int]]) -> [Int] {
    let count = next.count
    var order = [Int](repeating: -1, count: count)
    var low = order
    var component = order
    var open: [Int] = []
    var clock = 0
    var found = 0
    for root in 0..<count where order[root] < 0 {
      var path: [(node: Int, edge: Int)] = [(root, 0)]
      while let (node, edge) = path.last {
        if edge == 0 {
          order[node] = clock
          low[node] = clock
          clock += 1
          open.append(node)
        }
        if edge < next[node].count {
          path[path.count - 1].edge += 1
          let other = next[node][edge]
          if order[other] < 0 {
            path.append((other, 0))
          } else if component[other] < 0 {
            low[node] = min(low[node], order[other])
          }
          continue
        }
        path.removeLast()
        if let parent = path.last?.node { low[parent] = min(low[parent], low[node]) }
        guard low[node] == order[node] else { continue }
        while let last = open.popLast() {
          component[last] = found
          if last == node { break }
        }
        found += 1
      }
    }
    return component
  }
}
