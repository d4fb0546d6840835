// SPDX-License-Identifier: GPL-3.0-or-later
internal import Explanation
internal import University

/// The check of an institution with changes made, each set of changes asked once.
final class FindingTrials {
  private struct Found {
    var codes: [String: Int] = [:]
    var places: [[String]: Int] = [:]
    var texts: Set<String> = []

    init(_ findings: [Diagnostic]) {
      for finding in findings {
        codes[finding.code, default: 0] += 1
        places[FindingTrials.place(of: finding), default: 0] += 1
        texts.insert(FindingTrials.text(of: finding))
      }
    }
  }

  private let institution: Institution
  private let before: Found
  private var tried: [[Change]: Found] = [:]
  /// Changes that took some finding away.
  var helping: [Relaxation] = []

  init(_ institution: Institution, _ findings: [Diagnostic]) {
    self.institution = institution
    before = Found(findings)
  }

  private static func place(of finding: Diagnostic) -> [String] {
    [
      finding.code, finding.file, finding.line.map(String.init) ?? "", finding.column ?? "",
      finding.value ?? "",
    ]
  }

  private static func text(of finding: Diagnostic) -> String {
    "\(finding.code) \(finding.file) \(finding.line ?? 0) \(finding.problem)"
  }

  private func after(_ changes: [Change]) -> Found {
    if let known = tried[changes] { return known }
    var it = institution
    var plan = Explainer.emptyPlan
    Change.apply(changes, to: &it, &plan)
    let found = Found(FindingRelaxations.check(it))
    tried[changes] = found
    return found
  }

  /// Whether the check finds no more of any kind with the changes than without them.
  func addsNothing(_ changes: [Change]) -> Bool {
    after(changes).codes.allSatisfy { $0.value <= (before.codes[$0.key] ?? 0) }
  }

  /// Whether a finding is gone with the changes and nothing takes its place.
  ///
  /// Other findings may be told with other numbers, so kinds are counted; its own text and one of
  /// its place must be gone.
  func helps(_ finding: Diagnostic, _ changes: [Change]) -> Bool {
    let found = after(changes)
    let place = Self.place(of: finding)
    return addsNothing(changes) && !found.texts.contains(Self.text(of: finding))
      && (found.codes[finding.code] ?? 0) < (before.codes[finding.code] ?? 0)
      && (found.places[place] ?? 0) < (before.places[place] ?? 0)
  }
}
