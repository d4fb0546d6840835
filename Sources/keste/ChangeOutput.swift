// SPDX-License-Identifier: GPL-3.0-or-later
import Formats
import Foundation
import Reports
import University
import Validation
import Workflow

/// Writing a changed plan with its instance and its change list.
enum ChangeOutput {
  /// Refuses, before any work, a folder that holds something else.
  static func check(_ directory: String) throws {
    let files = FileManager.default
    guard let held = try? files.contentsOfDirectory(atPath: directory) else {
      if files.fileExists(atPath: directory) { throw occupied(directory) }
      return
    }
    if !held.isEmpty, !held.contains("instance"), !held.contains("changes"),
      !held.contains(".keste-scenarios"), !held.contains(".keste-rooms")
    {
      throw occupied(directory)
    }
  }

  /// Refuses, before any work, a folder whose tables are input: an instance or a plan.
  static func checkNotInput(_ directory: String) throws {
    let files = FileManager.default
    for (name, kind) in [("instance.yaml", "an instance folder"), ("plan.json", "a plan folder")]
    where files.fileExists(atPath: "\(directory)/\(name)") {
      throw InputRejected([
        Diagnostic(
          .error, code: "output.input", file: directory,
          problem: "it is \(kind): its tables would be overwritten", suggestion: "give another one")
      ])
    }
  }

  private static func occupied(_ directory: String) -> InputRejected {
    InputRejected([
      Diagnostic(
        .error, code: "output.occupied", file: directory, problem: "it holds other files",
        suggestion: "give a new folder, an empty one, or one that this command wrote")
    ])
  }

  /// Writes an instance and its plan, the plan's claim of the instance renewed.
  static func write(_ institution: Institution, _ plan: Plan, to directory: String) throws {
    let instance = "\(directory)/instance"
    do {
      try InstanceFolder.write(institution, to: instance)
    } catch let error as FolderWriteError {
      throw InputRejected([
        Diagnostic(
          .error, code: "output.occupied", file: instance, problem: error.description)
      ])
    }
    var plan = plan
    plan.record.instanceSHA256 =
      try InstanceFolder.read(instance, regime: institution.regime.name).sha256
    try PlanFolder.write(plan, to: "\(directory)/plan")
  }

  /// Writes texts into a folder, each by a new file that is renamed.
  static func write(_ files: [(path: String, text: String)], to directory: String) throws {
    for (path, text) in files {
      let full = "\(directory)/\(path)"
      let folder = (full as NSString).deletingLastPathComponent
      do {
        try FileManager.default.createDirectory(
          atPath: folder, withIntermediateDirectories: true)
      } catch {
        throw InputRejected([
          Diagnostic(
            .error, code: "file.write", file: folder, problem: error.localizedDescription)
        ])
      }
      try AtomicFile.write(text, to: full)
    }
  }
}
