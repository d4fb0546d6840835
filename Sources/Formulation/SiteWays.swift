// SPDX-License-Identifier: GPL-3.0-or-later
import Problem
import Timetabling

/// The least that a person's day costs in changes of site and in free slots for the way, by the
/// sites that must be visited and those that may be.
///
/// A day whose events leave no choice but the sites of F visits each of them. The way from a to b
/// takes as many free slots as the breaks between slots do not cover, unless an event without a
/// room fills them or the way leads over a site between, which is a change more.
struct SiteWays {
  /// Changes of site with the free slots that they need: none is better than another in both.
  struct Way: Hashable {
    var changes: Int
    var free: Int
  }

  /// Beyond so many sites, ways are not looked at: no change is counted.
  static let mostSites = 5
  private let sites: Int
  private let free: [[Int]]
  private var known: [Int: [Way]] = [:]

  init(_ problem: Problem, needsTravel: Bool) {
    let count = problem.sites - 1
    sites = count
    let grid = problem.instance.grid
    let minutes = problem.instance.travelMinutes
    free = (0..<count).map { a in
      (0..<count).map { b in
        guard needsTravel, a != b else { return 0 }
        var least = Int.max
        for from in 0..<grid.slots {
          for to in (from + 1)..<max(from + 1, grid.slots)
          where to - from - 1 < least
            && grid.minutes(fromEndOf: from, toStartOf: to) >= minutes[a][b]
          {
            least = to - from - 1
          }
        }
        // Where no slot is far enough the two cannot share a day at all; that is not used.
        return least == .max ? grid.slots : least
      }
    }
  }

  /// The ways that visit all of `forced` (bits from site 0) by way of these and of `possible`.
  mutating func ways(forced: UInt32, possible: UInt32, isBridged: Bool) -> [Way] {
    if forced.nonzeroBitCount < 2 || sites > Self.mostSites { return [Way(changes: 0, free: 0)] }
    let key = Int(forced) << 33 | Int(possible | forced) << 1 | (isBridged ? 1 : 0)
    if let known = known[key] { return known }
    let through = forced | possible
    struct Stop: Hashable {
      var seen: UInt32
      var last: Int
    }
    var front: [Stop: Set<Way>] = [:]
    for site in 0..<sites where forced >> UInt32(site) & 1 == 1 {
      front[Stop(seen: 1 << UInt32(site), last: site)] = [Way(changes: 0, free: 0)]
    }
    var done: Set<Way> = []
    for _ in 0..<(2 * forced.nonzeroBitCount) {
      var next: [Stop: Set<Way>] = [:]
      for (stop, ways) in front {
        for site in 0..<sites where site != stop.last && through >> UInt32(site) & 1 == 1 {
          let seen = stop.seen | (1 << UInt32(site) & forced)
          for way in ways {
            let longer = Way(
              changes: way.changes + 1,
              free: way.free + (isBridged ? 0 : free[stop.last][site]))
            if seen == forced {
              done.insert(longer)
            } else {
              next[Stop(seen: seen, last: site), default: []].insert(longer)
            }
          }
        }
      }
      front = next
    }
    let best = done.filter { way in
      !done.contains { $0 != way && $0.changes <= way.changes && $0.free <= way.free }
    }.sorted { ($0.changes, $0.free) < ($1.changes, $1.free) }
    known[key] = best
    return best
  }
}
