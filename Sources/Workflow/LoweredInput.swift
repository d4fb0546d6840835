// SPDX-License-Identifier: GPL-3.0-or-later
internal import Problem
internal import Timetabling
internal import University

extension TimetableInstance {
  /// Lowers the declarations of an input; what cannot be lowered is a fault of the input.
  ///
  /// - Parameter file: The file that is told to be at fault.
  /// - Returns: The problem.
  /// - Throws: ``InputRejected`` where a declaration has no term or its numbers are too large.
  func lowered(file: String) throws -> Problem {
    do {
      return try Problem(self)
    } catch let error as ProblemError {
      let problem: String
      switch error {
      case .unsupported(let what): problem = "the search of keste does not know \(what)"
      case .malformed(let what): problem = "the timetable cannot be searched: \(what)"
      }
      throw InputRejected([
        Diagnostic(.error, code: "timetable.declaration", file: file, problem: problem)
      ])
    }
  }
}
