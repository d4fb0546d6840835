// SPDX-License-Identifier: GPL-3.0-or-later
import University

/// A page that stands by itself in a file for each language (`kk.html`, `ru.html`, `en.html`), with
/// links to those beside it.
enum StandalonePage {
  /// The whole page.
  ///
  /// - Parameters:
  ///   - heading: Title and first heading.
  ///   - language: The language of this file.
  ///   - style: Rules beside those that all such pages have.
  ///   - content: Adds what stands below the heading.
  /// - Returns: The file's text.
  static func text(
    _ heading: String, _ language: Language, style: String = "", _ content: (inout HTML) -> Void
  ) -> String {
    var html = HTML()
    html.element("html", ["lang": language.rawValue]) { html in
      html.element("head") { head in
        head.empty("meta", ["charset": "utf-8"])
        head.empty("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"])
        head.element("title", [:], heading)
        head.element("style", [:], Self.style + style)
      }
      html.newline()
      html.element("body") { body in
        body.element("nav") { nav in
          for other in Language.allCases {
            nav.element("a", ["href": "\(other.rawValue).html"], other.ownName)
            nav.text(" ")
          }
        }
        body.element("h1", [:], heading)
        content(&body)
      }
    }
    return "<!DOCTYPE html>\n" + html.markup + "\n"
  }

  private static let style = """
    body{font:15px/1.45 system-ui,sans-serif;margin:1.5rem auto;max-width:72rem;padding:0 1rem;\
    color:#1b1f24;background:#fff}table{border-collapse:collapse;width:100%;margin:.5rem 0 1.5rem}\
    th,td{border-bottom:1px solid #d5d9de;padding:.3rem .5rem;text-align:left;vertical-align:top}\
    th{background:#f2f4f7}.number{text-align:right;font-variant-numeric:tabular-nums}\
    .was{color:#6a7280}.name{font-weight:600}.good{color:#12694a}.bad{color:#a11d2b}\
    .chart{width:100%;max-width:52rem}.chart text{font-size:12px;fill:#444}\
    .line{fill:none;stroke:#1f5fa8;stroke-width:2}circle{fill:#1f5fa8}nav a{margin-right:.7rem}\
    @media print{body{margin:0;max-width:none;font-size:11px}nav{display:none}\
    h2,h3{break-after:avoid}tr,svg{break-inside:avoid}th{print-color-adjust:exact}}
    """
}

extension HTML {
  /// Adds a row of a table's headings, which stands on each page where the table is printed; those
  /// above numbers, by position, stand to the right as these do.
  mutating func headings(_ texts: [String], numbers: Set<Int> = []) {
    element("thead") { head in
      head.element("tr") { row in
        for (position, text) in texts.enumerated() {
          row.element("th", numbers.contains(position) ? ["class": "number"] : [:], text)
        }
      }
    }
  }
}
