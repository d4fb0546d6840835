// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Formats
import LoadDistribution
import Reports
import University

/// Posts that would fill vacant hours, as people and programs read them.
enum StaffingTable {
  /// A post as JSON.
  struct Row: Encodable {
    struct Work: Encodable {
      var discipline: String
      var work: String
      var hours: Double
      var tasks: Int
    }
    var department: String
    var position: String
    var rate: Double
    var norm: Double
    var hours: Double
    var works: [Work]

    init(_ post: StaffingPost) {
      department = post.department.text
      position = post.position
      rate = post.rate
      norm = post.norm
      hours = post.hours.value
      works = post.works.map {
        Work(
          discipline: $0.discipline.text, work: $0.work.text, hours: $0.hours.value,
          tasks: $0.tasks)
      }
    }
  }

  private static let header = [
    "department", "position", "rate", "norm_hours", "hours", "disciplines", "work",
  ]

  private static func works(_ post: StaffingPost) -> [String] {
    post.works.map { "\($0.discipline) \($0.work.text) \($0.hours)" }
  }

  /// The name of a work within a line; letters that stand for words stay large.
  static func word(_ work: Work, _ language: Language) -> String {
    let name = language.name(of: work)
    let rest = name.dropFirst()
    return rest.first?.isLowercase ?? false ? name.prefix(1).lowercased() + rest : name
  }

  /// The same for people.
  private static func works(_ post: StaffingPost, _ language: Language) -> [String] {
    if language == .en { return works(post) }
    return post.works.map {
      "\($0.discipline) \(Self.word($0.work, language)) \(language.number($0.hours))"
    }
  }

  /// The position, or that the policy has none for the work.
  private static func name(of post: StaffingPost, _ language: Language) -> String {
    if post.position.isEmpty {
      return language.says(
        "сай лауазым жоқ", "подходящей должности нет", "no position may do it")
    }
    return language == .en ? post.position : language.positionName(post.position)
  }

  /// A list as far as a line holds it; files have all of it.
  private static func few(_ works: [String], _ language: Language) -> String {
    let most = 6
    let more = works.count - most
    return works.count > most + 1
      ? works.prefix(most).joined(separator: ", ")
        + language.says(" және тағы \(more)", " и ещё \(more)", " and \(more) more")
      : works.joined(separator: ", ")
  }

  /// Lines for people; none where nothing is vacant.
  static func lines(_ posts: [StaffingPost], _ language: Language) -> [String] {
    if posts.isEmpty { return [] }
    func says(_ kk: String, _ ru: String, _ en: String) -> String { language.says(kk, ru, en) }
    var rows = [
      [
        says("кафедра", "кафедра", "post in"), says("лауазым", "должность", "position"),
        says("мөлшерлеме", "ставка", "rate"),
        says("сағат / норма", "часы / норма", "hours of norm"), says("не үшін", "для чего", "for"),
      ]
    ]
    for post in posts {
      let hours = language.number(post.hours)
      let isPost = !post.position.isEmpty
      rows.append([
        post.department.text, name(of: post, language), isPost ? language.number(post.rate) : "–",
        isPost ? "\(hours) " + says("/", "/", "of") + " \(language.number(post.norm))" : hours,
        few(works(post, language), language),
      ])
    }
    return [
      says(
        "бос сағаттарды жабатын штат бірліктері:", "ставки, которые закрыли бы вакантные часы:",
        "posts that would fill the vacant hours:")
    ] + tabulated(rows, leading: 5)
  }

  /// Writes the table as CSV, as JSON where the name ends in `.json`, or as a page where it ends in
  /// `.html`.
  static func write(
    _ posts: [StaffingPost], _ institution: Institution, to path: String, _ language: Language
  ) throws {
    if path.hasSuffix(".json") {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      try AtomicFile.write(Array(encoder.encode(posts.map(Row.init))) + [10], to: path)
      return
    }
    if path.hasSuffix(".html") {
      try AtomicFile.write(page(posts, institution, language), to: path)
      return
    }
    let bytes = CSVWriter.table(
      header: header,
      rows: posts.map { post in
        [
          .text(post.department.text), .text(post.position), .decimal(post.rate),
          .decimal(post.norm), .number(post.hours.description),
          .list(post.disciplines.map(\.text)), .text(works(post).joined(separator: "; ")),
        ]
      })
    try AtomicFile.write(bytes, to: path)
  }

  private static func page(
    _ posts: [StaffingPost], _ institution: Institution, _ language: Language
  ) -> String {
    func word(_ kk: String, _ ru: String, _ en: String) -> String { language.says(kk, ru, en) }
    func escaped(_ text: String) -> String {
      text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }
    let title = word(
      "Бос сағаттарды жабатын штат бірліктері", "Штатные единицы для вакантных часов",
      "Posts that would fill the vacant hours")
    let heads = [
      word("Кафедра", "Кафедра", "Department"), word("Лауазым", "Должность", "Position"),
      word("Мөлшерлеме", "Ставка", "Rate"), word("Норма, сағ", "Норма, ч", "Norm, h"),
      word("Сағат", "Часы", "Hours"), word("Пәндер", "Дисциплины", "Disciplines"),
    ]
    var html = "<!DOCTYPE html><html lang=\"\(language.rawValue)\"><head><meta charset=\"utf-8\">"
    html += "<title>\(title)</title><style>body{font:14px sans-serif;margin:2em}"
    html += "table{border-collapse:collapse}td,th{border:1px solid #999;padding:.3em .6em;"
    html += "text-align:left;vertical-align:top}@page{size:A4 landscape}</style></head><body>"
    html += "<h1>\(title)</h1><p>\(escaped(institution.name)), \(escaped(institution.term.id))</p>"
    html += "<table><tr>" + heads.map { "<th>\($0)</th>" }.joined() + "</tr>"
    for post in posts {
      let department = institution.departments[post.department]?.name ?? post.department.text
      let works = post.works.map { item in
        let name = institution.disciplines[item.discipline]?.name(in: language)
        return escaped(
          "\(name ?? item.discipline.text), \(language.name(of: item.work)): "
            + language.number(item.hours))
      }
      let cells = [
        escaped(department),
        escaped(
          post.position.isEmpty
            ? name(of: post, language) : language.positionName(post.position)),
        language.number(post.rate), language.number(post.norm), language.number(post.hours),
        works.joined(separator: "<br>"),
      ]
      html += "<tr>" + cells.map { "<td>\($0)</td>" }.joined() + "</tr>"
    }
    return html + "</table></body></html>\n"
  }
}
