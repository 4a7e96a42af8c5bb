import Manifests
import Testing

@Suite("The page of manifests")
struct ManifestPageTests {
  @Test("has a row for each field with its short column and its words, and for no other")
  func rows() throws {
    let page = String(decoding: try ManifestGiven.file("docs/manifests.md"), as: UTF8.self)
    let table = try #require(page.components(after: "## Fields"))
    let rows = table.split(separator: "\n").filter { $0.hasPrefix("| `") }
    #expect(rows.map { String($0.split(separator: "`")[1]) } == ManifestField.all.map(\.path))
    for (row, field) in zip(rows, ManifestField.all) {
      #expect(row.contains(": \(field.help)"), "\(field.path)")
      if let column = field.column { #expect(row.contains("| `\(column)` |"), "\(field.path)") }
      #expect(row.contains("(later)") == field.isLater, "\(field.path)")
    }
  }
}

extension String {
  fileprivate func components(after heading: String) -> String? {
    firstRange(of: heading).map { String(self[$0.upperBound...]) }
  }
}
