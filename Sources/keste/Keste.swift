// SPDX-License-Identifier: GPL-3.0-or-later
import ArgumentParser
import Workflow

/// The command line: one subcommand an arrow of the pipeline.
@main
struct Keste: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "keste",
    abstract: "Plan a university's semester: sections, teaching load, timetable.",
    discussion: """
      INSTANCE is a folder of tables (CSV) with instance.yaml; PLAN is the folder that a plan is \
      written to. A plan folder is replaced at one moment: whatever happens, the old plan or the \
      new one is there.

        keste generate -o demo --students 300 --seed 1
        keste plan demo -o plan --time-limit 60
        keste validate demo plan
        keste report demo plan -o site

      \(exitStatusText)
      """,
    version: "keste \(kesteVersion)",
    subcommands: [
      CheckCommand.self, PlanCommand.self, SectionsCommand.self, LoadCommand.self,
      ApproveCommand.self,
      TimetableCommand.self, ValidateCommand.self, ReportCommand.self, PromotionCommand.self,
      TranscriptCommand.self, GenerateCommand.self,
      // Why it is so.
      ExplainCommand.self,
      // The term as it goes.
      CalendarCommand.self, AttendanceCommand.self, JournalCommand.self,
      // Change and what-if.
      SuggestCommand.self, MoveCommand.self, RepairCommand.self, SubstituteCommand.self,
      DiffCommand.self, ScenarioCommand.self, RoomsCommand.self,
      ExportCommand.self,
      SolveCommand.self, ScoreCommand.self,
    ])

  /// The same for all commands.
  static let exitStatusText = """
    Exit status: 0 done and valid; 1 done, but rules are broken or a valid plan is impossible; 2 \
    input rejected, nothing written; 3 stopped before anything valid was found, nothing written; \
    64 wrong usage.
    """
}
