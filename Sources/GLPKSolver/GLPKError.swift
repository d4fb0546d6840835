// SPDX-License-Identifier: GPL-3.0-or-later

/// Why GLPK could not be run.
public enum GLPKError: Error, CustomStringConvertible {
  /// The model holds what no solver accepts, such as a bound that is not a number.
  case invalidModel(String)
  /// GLPK gave up: memory ran out, or it refused an argument.
  case aborted(String)
  /// A file that is not a model.
  case unreadable(path: String, String)

  /// A sentence for the user.
  public var description: String {
    switch self {
    case .invalidModel(let what): "The model cannot be solved: \(what)."
    case .aborted(let message): "GLPK stopped: \(message)"
    case .unreadable(let path, let message): "\(path) is not a linear model: \(message)"
    }
  }
}
