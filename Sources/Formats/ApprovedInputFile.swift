// SPDX-License-Identifier: GPL-3.0-or-later
public import University

extension PlanFolder {
  /// Reads `approved_input.csv` of a plan folder: the input on which approved loads rest; nothing
  /// where the file is missing.
  ///
  /// Columns: `department`, `kind`, `subject`, `value`, as in ``ApprovedFact``.
  /// - Throws: ``InputRejected`` with everything found.
  public static func approvedInput(
    _ path: String, institution: Institution
  ) throws -> [ApprovedFact] {
    let findings = Findings()
    let reader = TableReader(
      TableLayout("approved_input", "department kind subject value", ""), folder: path,
      shown: PlanFolder.shown(path), isRequired: false, findings: findings)
    var departments = Known("department", file: "departments.csv")
    for row in institution.departments { _ = departments.insert(row.id.text, line: 0) }
    let (department, kind) = (reader.column("department"), reader.column("kind"))
    let (subject, value) = (reader.column("subject"), reader.column("value"))
    var facts: [ApprovedFact] = []
    reader.forEachRow { row in
      let what = row.reference(department, departments, as: Department.self)
      guard let what, let about = row.word(kind, ApprovedFact.Kind.self) else { return }
      facts.append(
        ApprovedFact(
          department: what, kind: about, subject: row.text(subject), value: row.text(value)))
    }
    try findings.throwErrors()
    return facts
  }

  /// The bytes of `approved_input.csv`.
  static func bytes(ofApprovedInput facts: [ApprovedFact]) -> [UInt8] {
    CSVWriter.table(
      header: ["department", "kind", "subject", "value"],
      rows: facts.lazy.map { fact in
        [
          .text(fact.department.text), .text(fact.kind.rawValue), .text(fact.subject),
          .text(fact.value),
        ]
      })
  }
}
