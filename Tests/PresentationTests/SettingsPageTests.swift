import FoundationEssentials
import Settings
import Testing

@testable import Presentation

@Suite("docs/configuration.md")
struct SettingsPageTests {
  @Test("has a row for each setting, with what holds while nobody has set it")
  func defaults() throws {
    var root = #filePath
    for _ in 0..<3 { root = String(root[..<(root.lastIndex(of: "/") ?? root.startIndex)]) }
    let page = String(decoding: try Data(contentsOf: URL(filePath: "\(root)/docs/configuration.md")), as: UTF8.self)
    let rows = page.split(separator: "\n").filter { $0.hasPrefix("| `") }
    let settings = SettingView.all(of: Settings())
    #expect(settings.count > 5)
    for setting in settings {
      let row = try #require(rows.first { $0.hasPrefix("| `\(setting.key)` |") }, "\(setting.key)")
      let cell = row.split(separator: "|").last.map { $0.filter { $0 != "`" } } ?? ""
      #expect(cell.hasPrefix(" \(setting.value)"), "\(setting.key): \(cell)")
    }
  }
}
