// SPDX-License-Identifier: GPL-3.0-or-later

/// One thing that is asked of a timetable: a kind with its members and parameters, hard or with a
/// weight, and the rule from which it comes.
public struct Constraint: Sendable {
  /// Whether it must hold, or what a unit of breaking it costs.
  public enum Level: Hashable, Sendable {
    /// It must hold.
    case hard
    /// weight × amount is added to the soft score.
    case soft(Int)
  }

  /// What is asked.
  public var kind: Kind
  /// Hard, or soft with its weight.
  public var level: Level
  /// The rule or criterion it comes from, such as `M5` or `student_gap`; cost is split by it.
  public var source: String

  /// A constraint of a kind.
  public init(_ kind: Kind, _ level: Level, source: String) {
    self.kind = kind
    self.level = level
    self.source = source
  }

  /// The closed list of what can be asked.
  ///
  /// `role` is a position in ``TimetableInstance/roles``: the constraint speaks of each person of
  /// that role, times the number of people it stands for. A day is a day of one week; amounts are
  /// sums over all weeks. A slot counts once however many events cover it.
  public enum Kind: Sendable {
    // MARK: of each person of a role: GroupTerm and ResourceTerm

    /// Two events of a person do not overlap, unless one of them is lenient.
    case noOverlap(role: Int)
    /// Amount: slots in which events of a person overlap and one of them is lenient.
    case lenientOverlap(role: Int)
    /// Between two events of a person on a day there is time for the way.
    case travel(role: Int)
    /// Amount: slots of a day above a limit. A person's own limit replaces it when hard.
    case dayLoad(role: Int, limit: Int)
    /// Amount: free slots between the first and the last of a day.
    case gaps(role: Int)
    /// Amount: days with exactly one event.
    case singleEventDays(role: Int)
    /// Amount: days on which every slot of the window is taken.
    case fullWindow(role: Int, from: Int, to: Int)
    /// Amount: days with an event.
    case daysUsed(role: Int)
    /// Amount: pairs of consecutive events of a day at different sites; events without a room are
    /// skipped.
    case siteChanges(role: Int)
    /// Amount: events of a day with no other event of the person in the slot before or after
    /// (ITC-2007, isolated lectures).
    case isolated(role: Int)
    /// Amount: days of the week used below the person's minimum (ITC-2007, working days).
    case minimumDays(role: Int)

    // MARK: of single events: PlacementTerm

    /// Amount: slots × weeks of the events inside the set; hard: none may be.
    case avoidTimes(events: [Int32], times: TimeSet)
    /// Amount: slots × weeks of any event held in the room inside the set; hard: none may be.
    case roomAvoidsTimes(room: Int32, times: TimeSet)
    /// Amount: 1 for each event whose pattern is not among those listed.
    case keepTime(events: [Int32], among: [TimePattern])
    /// Amount: 1 for each event whose room is not among those listed (nil: without a room).
    case keepRoom(events: [Int32], among: [Int32?])
    /// Amount: people above the room's seats (ITC-2007, room capacity).
    case capacityExcess(events: [Int32])

    // MARK: of events that belong together

    /// The weeks and lengths of a group's events are together one of the rows; amount: the row's
    /// price. `rows[i].shapes` is in the order of the group's events.
    case patternSets(group: Int, rows: [PatternSet])
    /// Amount: for each week and day, events of the group beyond the first.
    case sameDay(group: Int)
    /// Amount: weeks in which both groups meet and `later` starts before `earlier` (day, slot).
    case firstInWeek(earlier: Int, later: Int)
    /// Amount: different rooms of the group beyond the first: DistinctTerm.
    case roomStability(group: Int)

    // MARK: of pairs (ITC-2019), not lowered yet: PairTerm

    /// Amount: pairs, in the order given, that do not satisfy the relation.
    case pairs(events: [Int32], relation: PairRelation)

    // MARK: of whole sets (ITC-2019), not lowered yet: GroupTerm

    /// Amount: different days of the week beyond the limit.
    case maxDays(events: [Int32], limit: Int)
    /// Amount: ⌊weight × Σ slots of a day above the limit ÷ weeks of the term⌋ ÷ weight.
    case maxDayLoad(events: [Int32], limit: Int)
    /// Amount: as ``maxDayLoad(events:limit:)`` of blocks of a day beyond `breaks` + 1, where
    /// events at most `gap` slots apart are one block.
    case maxBreaks(events: [Int32], breaks: Int, gap: Int)
    /// Amount: as ``maxDayLoad(events:limit:)`` of blocks of two or more events longer than the
    /// limit.
    case maxBlock(events: [Int32], limit: Int, gap: Int)
  }

  /// Weeks and lengths of a group's events together, at a price.
  public struct PatternSet: Hashable, Sendable {
    /// Weeks and length of one event.
    public struct Shape: Hashable, Sendable {
      /// Bit w is set for week w.
      public var weeks: UInt64
      /// Slots.
      public var length: Int

      /// Weeks and length.
      public init(weeks: UInt64, length: Int) {
        self.weeks = weeks
        self.length = length
      }
    }

    /// In the order of the group's events.
    public var shapes: [Shape]
    /// Its price by the criterion that it comes from; the weight is included.
    public var penalties: [String: Int]

    /// A row with its price.
    public init(shapes: [Shape], penalties: [String: Int]) {
      self.shapes = shapes
      self.penalties = penalties
    }

    /// The sum of its prices.
    public var penalty: Int { penalties.values.reduce(0, +) }
  }

  /// What ITC-2019 asks of two classes.
  public enum PairRelation: Hashable, Sendable {
    case sameStart, sameTime, differentTime
    case sameDays, differentDays
    case sameWeeks, differentWeeks
    case sameRoom, differentRoom
    case overlap, notOverlap
    case sameAttendees
    case precedence
    /// From the start of the first to the end of the last at most so many slots.
    case workDay(Int)
    /// At least so many slots between them.
    case minGap(Int)
  }
}
