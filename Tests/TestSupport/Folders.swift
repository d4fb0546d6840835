// SPDX-License-Identifier: GPL-3.0-or-later
public import Foundation

/// The folders that are shipped with the sources.
public enum Shipped {
  /// The root of the package.
  public static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// The path of an instance, such as `tiny` or `broken/duplicate-id`.
  public static func instance(_ name: String) -> String {
    root.appendingPathComponent("instances/\(name)").path
  }

  /// The names of the instances of one fault each.
  public static func brokenInstances() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: instance("broken"))
      .filter { !$0.hasPrefix(".") }.sorted()
  }
}

/// A folder that is removed with the value.
public final class ScratchFolder: Sendable {
  /// The folder.
  public let path: String

  /// Makes a new folder.
  public init() throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("keste-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    path = folder.path
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }

  /// The path of something in the folder.
  public func callAsFunction(_ name: String) -> String { "\(path)/\(name)" }

  /// The bytes of the files of a folder inside, by name; empty where there is no such folder.
  public func files(of name: String) throws -> [String: Data] {
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: self(name)) else {
      return [:]
    }
    return try Dictionary(
      uniqueKeysWithValues: names.map {
        ($0, try Data(contentsOf: URL(fileURLWithPath: "\(self(name))/\($0)")))
      })
  }
}
