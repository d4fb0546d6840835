// SPDX-License-Identifier: GPL-3.0-or-later
import ArgumentParser

/// Why a plan is as it is, and why something is impossible.
struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Say why something is impossible, and why a plan is as it is.",
    subcommands: [
      ExplainTimetableCommand.self, ExplainLoadCommand.self, ExplainSectionCommand.self,
    ],
    defaultSubcommand: ExplainTimetableCommand.self)
}

/// The two folders of the commands that explain: `INSTANCE PLAN`, or `PLAN --instance INSTANCE`.
struct ExplainedFolders: ParsableArguments {
  @Argument(help: "The instance folder and the plan folder; or the plan folder with --instance.")
  var folders: [String]

  @Option(help: "The instance folder, where only the plan folder is given.")
  var instance: String?

  func validate() throws {
    let wanted = instance == nil ? 2 : 1
    guard folders.count == wanted else {
      throw ValidationError(
        "give INSTANCE PLAN, or PLAN with --instance INSTANCE (\(folders.count) folders are given)")
    }
  }

  /// The instance folder.
  var instanceFolder: String { instance ?? folders[0] }
  /// The plan folder.
  var planFolder: String { folders[folders.count - 1] }
}
