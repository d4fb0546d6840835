// SPDX-License-Identifier: GPL-3.0-or-later
public import Formats
internal import LoadDistribution
public import University

/// An approved department whose plan is not what was approved.
public struct StrayedLoad: Sendable, Hashable {
  /// The department.
  public var department: DepartmentID
  /// What is not as it was approved: lines, or input on which they rest.
  public var wording: Wording
}

extension PlanDecisions {
  /// What in a plan is not as it was approved, department by department: its lines against
  /// `approved_lines.csv`, and the input against `approved_input.csv`, as `keste load` compares them.
  ///
  /// Such a department's documents are not those that the minutes are about.
  ///
  /// - Parameters:
  ///   - plan: The plan of the folder of these decisions.
  ///   - institution: The institution, in the regime of the plan.
  /// - Returns: What was found in the order of the departments; nothing of those that are not
  ///   approved.
  public func strayed(_ plan: Plan, _ institution: Institution) -> [StrayedLoad] {
    let approved = approvals.approved
    if approved.isEmpty { return [] }
    let present = PlanLines(plan).lines
    let inputs = EarlierLoad(
      lines: lines.filter { $0.known.map { approved.contains($0.department) } ?? false },
      approved: approved, isKept: false, input: input
    ).inputDifferences(institution, sections: plan.sections)
    return institution.departments.map(\.id).filter(approved.contains).flatMap { department in
      var found: [StrayedLoad] = []
      let own = lines.filter { $0.known?.department == department }
      // An earlier version of the program wrote down no lines.
      if !own.isEmpty {
        let now = DepartmentLoad(department, present, Table(), isAny: true)
        let tasks = DepartmentLoad(department, own, Table()).tasksThatDiffer(from: now)
        let known = Set(own.map(\.task))
        let fresh = Set(
          present.lazy.filter { $0.known?.department == department }.map(\.task)
        ).subtracting(known).count
        if tasks + fresh > 0 {
          found.append(
            StrayedLoad(
              department: department,
              wording: Wording(
                "assignments.csv файлында \(tasks + fresh) жұмыс бекітілгендей емес "
                  + "(approved_lines.csv)",
                "в assignments.csv работ не так, как утверждено (approved_lines.csv): "
                  + "\(tasks + fresh)",
                "\(tasks + fresh) of its tasks in assignments.csv are not as approved "
                  + "(approved_lines.csv)")))
        }
      }
      return found
        + inputs.filter { $0.department == department }.map {
          StrayedLoad(department: department, wording: $0.wording)
        }
    }
  }
}

extension StrayedLoad {
  /// Why the approval does not stand on a department's documents.
  public var notice: Wording {
    Wording { language in
      let what = wording[language]
      return language.says(
        "\(department) кафедрасы бекітілген, бірақ \(what): құжаттарына бекіту белгісі қойылмайды",
        "кафедра \(department) утверждена, но \(what): грифа утверждения на её документах нет",
        "department \(department) is approved, but \(what): its documents have no stamp of approval"
      )
    }
  }
}

extension Approval {
  /// The reason in a language: what a command wrote itself is worded anew, what people wrote stays.
  public func reason(in language: Language) -> String {
    guard by.hasPrefix("keste ") else { return reason }
    let numbers = reason.split(whereSeparator: { !$0.isNumber }).compactMap { Int($0) }
    guard numbers.count == 2 else { return reason }
    let change = DepartmentChange(tasks: numbers[0], sections: numbers[1]).wording(by)
    return Language.allCases.contains { change[$0] == reason } ? change[language] : reason
  }
}
