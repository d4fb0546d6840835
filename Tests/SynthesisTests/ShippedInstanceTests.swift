// SPDX-License-Identifier: GPL-3.0-or-later
import Formats
import Foundation
import Synthesis
import Testing
import University

/// An instance in `instances/` with the options that make it.
struct ShippedInstance: Sendable, CustomTestStringConvertible {
  var folder: String
  var students: Int
  var dialect: CSVDialect

  var testDescription: String { folder }

  var institution: Institution {
    Synthesis.generate(GeneratorOptions(students: students, seed: 1))
  }

  static let all = [
    ShippedInstance(folder: "aues-small", students: 300, dialect: .comma),
    ShippedInstance(folder: "aues-demo", students: 1500, dialect: .semicolon),
    ShippedInstance(folder: "aues-full", students: 6000, dialect: .tab),
  ]

  /// `instances/` of the repository.
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("instances")
}

@Suite("A shipped instance")
struct ShippedInstanceTests {
  @Test("is what generating again gives, byte by byte", arguments: ShippedInstance.all)
  func bytes(_ shipped: ShippedInstance) throws {
    let folder = ShippedInstance.root.appendingPathComponent(shipped.folder)
    let files = InstanceFolder.files(of: shipped.institution, dialect: shipped.dialect)
    for (name, bytes) in files {
      let there = try Data(contentsOf: folder.appendingPathComponent(name))
      #expect(there == Data(bytes), "\(shipped.folder)/\(name)")
    }
    let there = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(Set(there) == Set(files.map(\.name)))
  }

  @Test("is read without a warning and gives the same tables", arguments: ShippedInstance.all)
  func reading(_ shipped: ShippedInstance) throws {
    let folder = ShippedInstance.root.appendingPathComponent(shipped.folder)
    let reading = try InstanceFolder.read(folder.path)
    #expect(reading.warnings.isEmpty)
    let again = InstanceFolder.files(of: reading.institution, dialect: shipped.dialect)
    for ((name, bytes), (_, expected)) in zip(
      again, InstanceFolder.files(of: shipped.institution, dialect: shipped.dialect))
    {
      #expect(bytes == expected, "\(name)")
    }
  }

  @Test("is the same instance in every layout of its tables")
  func dialects() throws {
    let institution = Synthesis.generate(GeneratorOptions(students: 120, seed: 8))
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("synthesis-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    for dialect in CSVDialect.allCases {
      let path = folder.appendingPathComponent(dialect.rawValue).path
      try InstanceFolder.write(institution, to: path, dialect: dialect)
      let reading = try InstanceFolder.read(path)
      #expect(reading.warnings.isEmpty)
      let read = InstanceFolder.files(of: reading.institution)
      let written = InstanceFolder.files(of: institution)
      #expect(read.map(\.name) == written.map(\.name))
      for (a, b) in zip(read, written) { #expect(a.bytes == b.bytes, "\(dialect) \(a.name)") }
    }
  }
}
