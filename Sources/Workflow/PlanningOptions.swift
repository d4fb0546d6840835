// SPDX-License-Identifier: GPL-3.0-or-later

/// What planning is given besides the instance.
public struct PlanningOptions: Sendable {
  /// Seconds of wall time from ``startedAt`` to the written plan; nil for no limit.
  public var timeLimit: Double?
  /// Moves of each thread of the timetable's search in place of the clock: the plan then depends on
  /// nothing but the instance, the seed and the threads, and ``timeLimit`` does not count.
  public var iterations: Int?
  /// Seed of all random choices.
  public var seed: UInt64
  /// Threads that may be used.
  public var threads: Int
  /// The plan's ``PlanRecord/revision``; nil for one more than that of the timetable in force and
  /// of another timetable in the plan folder.
  public var revision: Int?
  /// Share of the timetable's time for fix-and-optimise at the end.
  public var polishShare = 0.0
  /// When the clock of the time limit started.
  public var startedAt: ContinuousClock.Instant
  /// Asked often, from any thread; true ends the work with the best found.
  public var isCancelled: @Sendable () -> Bool
  /// Seconds for which a timetable that is cancelled while the search is hot is still cooled: for
  /// those who keep what was broken off.
  public var settling = 0.0
  /// Told how far the work is; may be called from any thread.
  public var progress: @Sendable (PlanningProgress) -> Void

  /// Two minutes from now, seed 1, one thread.
  public init(
    timeLimit: Double? = 120, iterations: Int? = nil, seed: UInt64 = 1, threads: Int = 1,
    startedAt: ContinuousClock.Instant = .now,
    isCancelled: @escaping @Sendable () -> Bool = { false },
    progress: @escaping @Sendable (PlanningProgress) -> Void = { _ in }
  ) {
    self.timeLimit = timeLimit
    self.iterations = iterations
    self.seed = seed
    self.threads = threads
    self.startedAt = startedAt
    self.isCancelled = isCancelled
    self.progress = progress
  }
}

/// How far planning is.
public struct PlanningProgress: Sendable {
  /// What is being done: `sections`, `load`, `timetable: annealing`, `validation` …
  public var phase: String
  /// Seconds since the start.
  public var seconds: Double
  /// Share of the phase that is done, from 0 to 1, where it is known.
  public var share: Double?
  /// The best objective of the stage so far.
  public var incumbent: Double?
  /// A proved lower bound of that objective.
  public var bound: Double?
  /// Meetings that have no place yet.
  public var unplaced: Int?

  /// Progress of a phase.
  public init(
    phase: String, seconds: Double, share: Double? = nil, incumbent: Double? = nil,
    bound: Double? = nil, unplaced: Int? = nil
  ) {
    self.phase = phase
    self.seconds = seconds
    self.share = share
    self.incumbent = incumbent
    self.bound = bound
    self.unplaced = unplaced
  }

  /// (incumbent − bound) ÷ max(1, |incumbent|); nil where no bound was proved.
  public var gap: Double? {
    guard let incumbent, let bound else { return nil }
    return (incumbent - bound) / max(1, abs(incumbent))
  }
}

/// The clock of a run, and how its time is shared out among the stages.
struct TimeBudget: Sendable {
  /// Share of the limit after which sections are only packed and no longer improved.
  private static let sectionShare = 0.05
  /// Share of the limit that the load may take.
  private static let loadShare = 0.25
  /// What validating and writing take as a multiple of what reading took: on instances of 300 to
  /// 6,000 students it was up to 4.5 times as long.
  private static let closingFactor = 4.5
  /// The least that a timetable's construction is given, even over the limit.
  private static let leastSearch = 0.5

  let startedAt: ContinuousClock.Instant
  /// Seconds; nil for none.
  let limit: Double?
  /// Whether the clock may decide anything: not with a limit on iterations.
  let isClocked: Bool
  /// Seconds that reading the instance took.
  var readingSeconds = 0.0

  init(_ options: PlanningOptions) {
    startedAt = options.startedAt
    isClocked = options.iterations == nil
    limit = isClocked ? options.timeLimit : nil
  }

  /// Seconds since the start.
  var elapsed: Double { Self.seconds(since: startedAt) }

  static func seconds(since start: ContinuousClock.Instant) -> Double {
    let parts = start.duration(to: .now).components
    return Double(parts.seconds) + Double(parts.attoseconds) * 1e-18
  }

  /// Seconds in which contradictions among the data are looked for: few, since most instances hold
  /// none; nil, for no limit, where the clock must decide nothing.
  var forContradictions: Double? { isClocked ? min(2, (limit ?? 120) / 20) : nil }
  /// Seconds for the formation of sections; `isAll` where nothing follows.
  func forSections(isAll: Bool) -> Double? {
    limit.map { isAll ? max(0, $0 - elapsed - closing) : $0 * Self.sectionShare }
  }
  /// Seconds for the load; `isAll` where no timetable follows.
  func forLoad(isAll: Bool) -> Double? {
    limit.map { limit in
      let left = limit - elapsed - closing
      return max(0, isAll ? left : min(limit * Self.loadShare, left))
    }
  }
  /// Seconds for the search of a timetable, so that there is time to validate and write it.
  var forSearch: Double? { limit.map { max(Self.leastSearch, $0 - elapsed - closing) } }

  private var closing: Double { 0.2 + Self.closingFactor * readingSeconds }
}
