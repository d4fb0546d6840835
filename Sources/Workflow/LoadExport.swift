// SPDX-License-Identifier: GPL-3.0-or-later
internal import Curricula
internal import Formats
public import LinearModels
internal import LoadDistribution
internal import University

/// The load of a plan's sections as one mixed-integer model for other solvers.
public struct LoadExport: Sendable {
  /// The model; see ``LoadDistribution/LoadDistribution/compactModel(_:sections:tasks:)``.
  public let model: LinearModel

  /// Builds the model of the sections that a plan folder holds.
  ///
  /// - Parameters:
  ///   - instance: The instance folder.
  ///   - plan: The plan folder; only its sections count.
  ///   - regime: The regime in place of the plan's.
  /// - Throws: ``InputRejected``.
  public init(instance: String, plan: String, regime: String? = nil) throws {
    let named = try PlanFolder.record(plan).regime
    let reading = try InstanceFolder.read(instance, regime: regime ?? (named.isEmpty ? nil : named))
    let held = try PlanFolder.read(plan, institution: reading.institution, hasLater: false)
    model = LoadDistribution.compactModel(
      reading.institution, sections: held.sections,
      tasks: Curricula.teachingLoad(reading.institution, held.sections))
  }

  /// The model in free MPS.
  public var mps: String { MPSWriter().text(of: model) }
  /// The model in CPLEX LP.
  public var lp: String { LPWriter().text(of: model) }
}
