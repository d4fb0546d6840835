// SPDX-License-Identifier: GPL-3.0-or-later
public import University
internal import Validation

extension Language {
  /// A criterion for people: its code in English, as the files have it, else its name.
  public func word(ofCriterion code: String) -> String {
    if self == .en { return code }
    return TimetableCriterion(rawValue: code).map { name(of: $0) }
      ?? LoadCriterion(rawValue: code).map { name(of: $0) }
      ?? SectionCriterion(rawValue: code).map { name(of: $0) } ?? code
  }

  /// Work for people: its code in English, as the files have it, else its name.
  public func word(of work: Work) -> String {
    self == .en ? work.text : name(of: work)
  }
}
