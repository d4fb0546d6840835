// SPDX-License-Identifier: GPL-3.0-or-later

/// A flat array of plain values at a fixed address, for the kernels: no reference counting, no
/// exclusivity checks; positions are checked in debug builds only.
///
/// It does not free itself: its owner does, in `deinit`.
public struct Flat<Element: BitwiseCopyable>: @unchecked Sendable {
  /// The first element.
  public let base: UnsafeMutablePointer<Element>
  /// How many there are.
  public let count: Int

  /// So many times a value.
  package init(repeating value: Element, count: Int) {
    self.base = UnsafeMutablePointer<Element>.allocate(capacity: Swift.max(1, count))
    self.base.initialize(repeating: value, count: Swift.max(1, count))
    self.count = count
  }

  package init(_ values: [Element]) {
    self.base = UnsafeMutablePointer<Element>.allocate(capacity: Swift.max(1, values.count))
    for (index, value) in values.enumerated() { (base + index).initialize(to: value) }
    self.count = values.count
  }

  /// Gives the memory back; by its owner, once.
  package func free() { base.deallocate() }

  /// The element at a position.
  @inlinable
  public subscript(index: Int) -> Element {
    @inline(__always) get {
      assert(index >= 0 && index < count, "position \(index) of \(count)")
      return base[index]
    }
    @inline(__always) nonmutating set {
      assert(index >= 0 && index < count, "position \(index) of \(count)")
      base[index] = newValue
    }
  }

  func copy(from other: Flat<Element>) {
    precondition(count == other.count)
    base.update(from: other.base, count: count)
  }

  /// The elements as an array.
  public var array: [Element] { (0..<count).map { base[$0] } }
}

/// Compressed rows: the items of row i are `items[start[i] ..< start[i + 1]]`.
public struct Rows: @unchecked Sendable {
  /// Where each row starts; one more than there are rows.
  public let start: Flat<Int32>
  /// The items of all rows.
  public let items: Flat<Int32>

  init(_ rows: [[Int32]]) {
    var starts: [Int32] = [0]
    starts.reserveCapacity(rows.count + 1)
    var total: Int32 = 0
    for row in rows {
      total += Int32(row.count)
      starts.append(total)
    }
    self.start = Flat(starts)
    self.items = Flat(rows.flatMap { $0 })
  }

  func free() {
    start.free()
    items.free()
  }

  /// The range of a row in ``items``.
  @inlinable
  public subscript(row: Int) -> Range<Int> {
    @inline(__always) get { Int(start[row])..<Int(start[row + 1]) }
  }

  /// The number of items of a row.
  @inlinable
  public func count(_ row: Int) -> Int { Int(start[row + 1] - start[row]) }
}
