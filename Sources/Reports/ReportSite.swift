// SPDX-License-Identifier: GPL-3.0-or-later
import Curricula
import Foundation
import LoadDistribution
public import University
public import Validation

/// The static site of a plan: pages in three languages and calendars, without a server and without
/// anything from the network.
public enum ReportSite {
  /// Why a site was not written.
  public enum Failure: Error, CustomStringConvertible, Sendable {
    /// The folder holds something else than a site of an earlier report.
    case foreignFolder(String)

    /// What is wrong and what would be right.
    public var description: String {
      switch self {
      case .foreignFolder(let path):
        "\(path) holds other files: give a new folder, an empty one, or one that an earlier "
          + "report wrote (it has the file \(markerName))"
      }
    }
  }

  /// The file by which a folder is known to be a site of this program.
  static let markerName = ".keste-report"

  /// Writes the site: all of it or nothing.
  ///
  /// Everything is written into a folder beside the target, which takes the target's place at the
  /// end. A folder that holds something else than an earlier site is not touched.
  ///
  /// - Parameters:
  ///   - institution: The institution.
  ///   - plan: Its plan.
  ///   - score: What the plan comes to by the rules.
  ///   - directory: The target folder.
  ///   - revision: `SEQUENCE` of the calendars' events.
  ///   - approvals: What was decided of the departments' loads.
  ///   - otherSemester: The plan of the academic year's other semester, for the teachers' cards.
  /// - Throws: ``Failure`` for a folder of somebody else's, else what the file system says.
  public static func write(
    _ institution: Institution, _ plan: Plan, _ score: ScoreReport, to directory: String,
    revision: Int = 0, approvals: [DepartmentID: LoadApproval] = [:],
    otherSemester: PlanView? = nil
  ) throws {
    let files = FileManager.default
    let target = URL(fileURLWithPath: directory).standardizedFileURL
    if let held = try? files.contentsOfDirectory(atPath: target.path) {
      guard held.isEmpty || held.contains(markerName) else {
        throw Failure.foreignFolder(directory)
      }
    } else if files.fileExists(atPath: target.path) {
      throw Failure.foreignFolder(directory)
    }
    let parent = target.deletingLastPathComponent()
    try files.createDirectory(at: parent, withIntermediateDirectories: true)
    let draft = parent.appendingPathComponent(
      ".\(target.lastPathComponent).\(ProcessInfo.processInfo.processIdentifier).draft")
    let former = draft.appendingPathExtension("former")
    try? files.removeItem(at: draft)
    do {
      try files.createDirectory(at: draft, withIntermediateDirectories: true)
      var folders: Set<String> = []
      try eachFile(
        institution, plan, score, revision: revision, approvals: approvals,
        otherSemester: otherSemester
      ) { path, text in
        let file = draft.appendingPathComponent(path)
        let folder = file.deletingLastPathComponent()
        if folders.insert(folder.path).inserted {
          try files.createDirectory(at: folder, withIntermediateDirectories: true)
        }
        try Data(text.utf8).write(to: file)
      }
      try eachWorkbook(
        institution, plan, score, approvals: approvals, otherSemester: otherSemester
      ) { path, bytes in
        try Data(bytes).write(to: draft.appendingPathComponent(path))
      }
      let replaces = files.fileExists(atPath: target.path)
      if replaces { try files.moveItem(at: target, to: former) }
      do {
        try files.moveItem(at: draft, to: target)
      } catch {
        if replaces { try? files.moveItem(at: former, to: target) }
        throw error
      }
      if replaces { try? files.removeItem(at: former) }
    } catch {
      try? files.removeItem(at: draft)
      throw error
    }
  }

  /// Hands over every file of the site, path and text, one after the other: a page needs no more
  /// memory than itself.
  public static func eachFile(
    _ institution: Institution, _ plan: Plan, _ score: ScoreReport, revision: Int = 0,
    approvals: [DepartmentID: LoadApproval] = [:], otherSemester: PlanView? = nil,
    _ body: (_ path: String, _ text: String) throws -> Void
  ) throws {
    let view = PlanView(institution, plan)
    let pages = SitePages(view, score, approvals: approvals, otherSemester: otherSemester)
    try body(markerName, "keste \(plan.record.keste)\n")
    try body("index.html", pages.root())
    try body("style.css", stylesheet)
    try body("search.js", searchScript)
    try body("documents.css", LoadDocument.stylesheet)
    let reasons = plan.hasLoad ? reasons(institution, plan, approvals) : []
    let origins = origins(institution, plan)
    for language in Language.allCases {
      let folder = language.rawValue + "/"
      try body(folder + "index.html", pages.index(language))
      try body(folder + "search-data.js", pages.searchData(language))
      try body(folder + "streams.html", pages.streamsOverview(language))
      try body(folder + "load.html", pages.loadOverview(language))
      try body(folder + "rooms.html", pages.roomStock(language))
      try body(folder + "quality.html", pages.quality(language))
      for department in institution.departments {
        try body(
          folder + pages.streamsPath(of: department.id), pages.streams(of: department, language))
        try body(
          folder + pages.originsPath(of: department.id),
          pages.origins(of: department, origins[department.id] ?? [], language))
        try body(folder + pages.loadPath(of: department.id), pages.load(of: department, language))
        guard plan.hasLoad else { continue }
        try body(
          folder + pages.documentPath(of: department.id), pages.documents(of: department, language))
        try body(
          folder + pages.cardsPath(of: department.id), pages.cards(of: department, language))
      }
      for (department, tasks) in reasons {
        try body(
          folder + pages.reasonsPath(of: department.department),
          pages.reasons(department, tasks, language))
      }
      for subject in pages.subjects {
        try body(folder + pages.path(of: subject), pages.timetable(of: subject, language))
        guard plan.hasTimetable else { continue }
        try body(
          folder + pages.calendarPath(of: subject),
          ICalendar.calendar(of: subject, in: view, language: language, revision: revision))
      }
    }
  }

  /// How the sections of each department's disciplines came about.
  private static func origins(
    _ institution: Institution, _ plan: Plan
  ) -> [DepartmentID: [SectionOrigin]] {
    let byDiscipline = Dictionary(grouping: plan.sections, by: \.discipline)
    var result: [DepartmentID: [SectionOrigin]] = [:]
    for discipline in institution.disciplines {
      // Another discipline's sections play no part.
      let kin = Table(byDiscipline[discipline.id] ?? [])
      result[discipline.department, default: []] += kin.compactMap {
        SectionOrigin($0.id, institution, kin)
      }
    }
    return result
  }

  /// The explanations of each department's load.
  private static func reasons(
    _ institution: Institution, _ plan: Plan, _ approvals: [DepartmentID: LoadApproval]
  ) -> [(DepartmentExplanation, [TaskExplanation])] {
    let explainer = LoadExplainer(
      institution, sections: plan.sections, tasks: plan.tasks, assignments: plan.assignments,
      approved: Set(approvals.filter(\.value.isApproved).keys))
    return institution.departments.compactMap { department in
      explainer.department(department.id).map { explanation in
        (
          explanation,
          plan.tasks.filter { $0.department == department.id }
            .compactMap { explainer.task($0.id) }
        )
      }
    }
  }

  /// Hands over every spreadsheet of the site, path and bytes: the documents of each department.
  public static func eachWorkbook(
    _ institution: Institution, _ plan: Plan, _ score: ScoreReport,
    approvals: [DepartmentID: LoadApproval] = [:], otherSemester: PlanView? = nil,
    _ body: (_ path: String, _ bytes: [UInt8]) throws -> Void
  ) throws {
    guard plan.hasLoad else { return }
    let pages = SitePages(
      PlanView(institution, plan), score, approvals: approvals, otherSemester: otherSemester)
    for language in Language.allCases {
      for department in institution.departments {
        try body(
          "\(language.rawValue)/" + pages.workbookPath(of: department.id),
          pages.workbook(of: department, language))
      }
    }
  }
}
