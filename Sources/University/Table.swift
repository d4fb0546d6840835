// SPDX-License-Identifier: GPL-3.0-or-later

/// Rows in the order of their file, found by identifier in constant time.
public struct Table<Row: Identifiable>: RandomAccessCollection where Row.ID: Hashable {
  /// The rows, in the order of the file.
  public private(set) var rows: [Row]
  @usableFromInline internal var positions: [Row.ID: Int]

  /// Takes the rows; of two rows with one identifier the first stays.
  public init(_ rows: [Row] = []) {
    self.rows = []
    self.positions = [:]
    self.rows.reserveCapacity(rows.count)
    for row in rows { append(row) }
  }

  /// Makes room for so many rows, for a reader that knows how many will come.
  public mutating func reserveCapacity(_ count: Int) {
    rows.reserveCapacity(count)
    positions.reserveCapacity(count)
  }

  /// Adds a row unless its identifier is already there; says whether it was added.
  @discardableResult
  public mutating func append(_ row: Row) -> Bool {
    guard positions[row.id] == nil else { return false }
    positions[row.id] = rows.count
    rows.append(row)
    return true
  }

  /// The row of an identifier.
  @inlinable public subscript(id: Row.ID) -> Row? {
    positions[id].map { rows[$0] }
  }

  /// The position of an identifier in the order of the file.
  @inlinable public func position(of id: Row.ID) -> Int? { positions[id] }

  /// Whether there is a row of this identifier.
  @inlinable public func contains(id: Row.ID) -> Bool { positions[id] != nil }

  /// Always 0.
  @inlinable public var startIndex: Int { 0 }
  /// The number of rows.
  @inlinable public var endIndex: Int { rows.count }
  /// The row at a position.
  @inlinable public subscript(position: Int) -> Row { rows[position] }
}

extension Table: Sendable where Row: Sendable, Row.ID: Sendable {}
