// SPDX-License-Identifier: GPL-3.0-or-later

/// A timetabling problem as declarations: what has to be placed, where and when it may be placed,
/// who takes part, and what is asked of the result.
///
/// This is the waist of keste: universities and ITC-2007's courses become this value, and
/// everything that solves knows only this value. What ITC-2019 asks can be declared too, but
/// nothing reads its files, and most of it is not lowered. How the constraints are declared, and to
/// which primitive each is lowered, is said in the documentation of the module (`Timetabling.md`
/// beside the sources).
public struct TimetableInstance: Sendable {
  /// The instance's name.
  public var name: String
  /// Weeks, days and slots.
  public var grid: TimeGrid
  /// Names of the buildings; a room is in one of them.
  public var sites: [String] = []
  /// `travelMinutes[a][b]`: minutes from site a to site b.
  public var travelMinutes: [[Int]] = []
  /// The rooms.
  public var rooms: [RoomDeclaration] = []
  /// Lists of times that events share.
  public var timeDomains: [[TimeOption]] = []
  /// What has to be placed.
  public var events: [Event] = []
  /// Events that belong together: the meetings of a section, the lectures of a course.
  public var eventGroups: [EventGroup] = []
  /// What kinds of person there are: `student`, `teacher`, `curriculum` …
  public var roles: [String] = []
  /// Who takes part.
  public var people: [Person] = []
  /// What is asked.
  public var constraints: [Constraint] = []
  /// Students who are still to be put into classes (ITC-2019), which nothing lowers yet; empty when
  /// people are given.
  public var sectioning = Sectioning()

  /// An instance without events.
  public init(name: String, grid: TimeGrid) {
    self.name = name
    self.grid = grid
  }
}

/// A room.
public struct RoomDeclaration: Hashable, Sendable {
  /// The name in the files.
  public var name: String
  /// Position in ``TimetableInstance/sites``.
  public var site: Int
  /// Seats.
  public var capacity: Int

  /// A room at a site.
  public init(name: String, site: Int, capacity: Int) {
    self.name = name
    self.site = site
    self.capacity = capacity
  }
}

/// A time at which an event may be held, at a price.
public struct TimeOption: Hashable, Sendable {
  /// When.
  public var pattern: TimePattern
  /// Added to the soft score when it is chosen (ITC-2019's time penalty × its weight).
  public var penalty: Int

  /// A time with its price.
  public init(_ pattern: TimePattern, penalty: Int = 0) {
    self.pattern = pattern
    self.penalty = penalty
  }
}

/// A room in which an event may be held, at a price.
public struct RoomOption: Hashable, Sendable {
  /// Position in ``TimetableInstance/rooms``.
  public var room: Int32
  /// Added to the soft score when it is chosen.
  public var penalty: Int

  /// A room with its price.
  public init(_ room: Int32, penalty: Int = 0) {
    self.room = room
    self.penalty = penalty
  }
}

/// What the solver places: one meeting of a section, one lecture of a course, one class.
public struct Event: Sendable {
  /// The name in messages.
  public var name: String
  /// Position in ``TimetableInstance/timeDomains``.
  public var timeDomain: Int
  /// Rooms that it may be in; empty when it needs none.
  public var rooms: [RoomOption]
  /// Whether it needs a room at all. An event that needs one and has no option cannot be placed.
  public var needsRoom: Bool
  /// How many attend, for capacities that are soft.
  public var size: Int

  /// An event with its options.
  public init(name: String, timeDomain: Int, rooms: [RoomOption], needsRoom: Bool, size: Int) {
    self.name = name
    self.timeDomain = timeDomain
    self.rooms = rooms
    self.needsRoom = needsRoom
    self.size = size
  }
}

/// Events that belong together.
public struct EventGroup: Sendable {
  /// The name in messages.
  public var name: String
  /// Positions in ``TimetableInstance/events``.
  public var events: [Int32]

  /// A group of events.
  public init(name: String, events: [Int32]) {
    self.name = name
    self.events = events
  }
}

/// Somebody, or several people with the same events, who attends events.
public struct Person: Sendable {
  /// The name in messages.
  public var name: String
  /// Position in ``TimetableInstance/roles``.
  public var role: Int
  /// How many people this stands for.
  public var count: Int
  /// Positions in ``TimetableInstance/events``.
  public var events: [Int32]
  /// Events whose overlaps with others of this person are soft (retaken disciplines).
  public var lenientEvents: [Int32]
  /// Hours that this person may have in a day, where it differs from the role's.
  public var dayLimit: Int?
  /// The fewest days on which the events are wanted (ITC-2007: working days of a course).
  public var minimumDays: Int

  /// Somebody with the events that they attend.
  public init(
    name: String, role: Int, count: Int = 1, events: [Int32], lenientEvents: [Int32] = [],
    dayLimit: Int? = nil, minimumDays: Int = 0
  ) {
    self.name = name
    self.role = role
    self.count = count
    self.events = events
    self.lenientEvents = lenientEvents
    self.dayLimit = dayLimit
    self.minimumDays = minimumDays
  }
}

/// ITC-2019's students: which classes they can be put into.
public struct Sectioning: Sendable {
  /// A class of a subpart: an event with a limit, perhaps below a parent.
  public struct ClassLimit: Sendable {
    /// Position in ``TimetableInstance/events``.
    public var event: Int32
    /// The most students.
    public var limit: Int
    /// The event whose class a student must also be in.
    public var parent: Int32?

    /// A class with its limit.
    public init(event: Int32, limit: Int, parent: Int32?) {
      self.event = event
      self.limit = limit
      self.parent = parent
    }
  }

  /// `courses[course][configuration][subpart]` is a list of classes, of which a student takes one
  /// of each subpart of one configuration.
  public var courses: [[[[ClassLimit]]]] = []
  /// Courses that each student asks for.
  public var requests: [[Int32]] = []
  /// Price of a conflict of one student.
  public var conflictWeight = 0

  /// Nobody to put into classes.
  public init() {}
}

/// Where and when an event is held; nil where it could not be placed.
public struct Placement: Hashable, Sendable {
  /// When.
  public var time: TimePattern
  /// Position in ``TimetableInstance/rooms``; nil for an event without a room.
  public var room: Int32?

  /// A time and a room.
  public init(time: TimePattern, room: Int32?) {
    self.time = time
    self.room = room
  }
}

/// A timetable: a placement for each event.
public struct Timetable: Sendable, Hashable {
  /// By event.
  public var placements: [Placement?]

  /// A timetable of the given placements.
  public init(placements: [Placement?]) {
    self.placements = placements
  }
}

/// Hard and soft cost; hard first.
public struct Score: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// Events that are not placed. What is placed never breaks a hard constraint.
  public var hard: Int
  /// Weighted sum of the soft constraints.
  public var soft: Int

  /// A score of both parts.
  public init(hard: Int, soft: Int) {
    self.hard = hard
    self.soft = soft
  }

  /// Hard first.
  public static func < (a: Self, b: Self) -> Bool { (a.hard, a.soft) < (b.hard, b.soft) }

  /// `hard/soft`.
  public var description: String { "\(hard)/\(soft)" }
}
