// SPDX-License-Identifier: GPL-3.0-or-later
import Reports
import Testing
import University

@Suite struct RoomsPageTests {
  @Test func `the page and the tables tell what was found in three languages`() throws {
    let page = RoomsPage(
      name: "Университет <1>", rooms: 3, isPlanValid: true, byHours: 1, byPeak: 2,
      smallest: ["A", "B"], closed: ["C,1"], tried: [(2, true), (1, false)],
      bands: [
        .init(
          kind: "lab", seats: 10, upTo: 15, rooms: 3, byHours: 1, byPeak: 2, found: 2, use: 0.5,
          fewer: "C,1", isPossible: true, moved: 4, cost: 12.5, gain: 3, gainMeetings: 1,
          gainHours: 0)
      ],
      bottlenecks: [(["A"], 30)],
      closings: [.init(day: .monday, building: "B", rooms: ["A"], isPossible: false, moved: 0)],
      freeDays: [("A", [.tuesday])], areFreeDaysValid: true)
    let files = Dictionary(uniqueKeysWithValues: page.files(.ru).map { ($0.path, $0.text) })
    #expect(files["index.html"] == files["ru.html"])
    #expect(files["kk.html"]?.contains("зертхана") == true)
    #expect(files["en.html"]?.contains("none found") == true)
    #expect(files["ru.html"]?.contains("Университет &lt;1&gt;") == true)
    let rows = try #require(files["rooms.csv"]).split(separator: "\n")
    #expect(rows.last == "lab,10,15,3,1,2,2,0.5,\"C,1\",yes,4,12.5,3,1,0")
  }
}
