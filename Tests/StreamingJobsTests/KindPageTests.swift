import Foundation
import StreamingJobs
import Testing

@Suite("The pages of the kinds")
struct KindPageTests {
  private func page(of kind: String) throws -> String {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return try String(contentsOf: root.appendingPathComponent("docs/jobs/\(kind).md"), encoding: .utf8)
  }

  @Test(
    "A kind's page has a row for each parameter, with its flag and what holds without it, and for no other",
    arguments: JobKinds.streaming.all.map(\.kind))
  func rows(kind: String) throws {
    let description = try #require(JobKinds.streaming.named(kind))
    let page = try page(of: kind)
    let start = try #require(page.range(of: "## Parameters"))
    let end = try #require(page.range(of: "\n## ", range: start.upperBound..<page.endIndex))
    let rows = page[start.upperBound..<end.lowerBound].split(separator: "\n").filter { $0.hasPrefix("| `") }
    let named = rows.map { row in row.split(separator: "`")[1].description }
    #expect(named.sorted() == description.fields.map(\.name).sorted())
    for field in description.fields {
      let row = rows.first { $0.hasPrefix("| `\(field.name)`") }
      #expect(row?.contains("`--\(field.flag)") == true, "\(field.name)")
      let told = row?.split(separator: "|", omittingEmptySubsequences: false).dropFirst(3).first
      let cell = told.map { $0.filter { $0 != "`" }.trimmingCharacters(in: .whitespaces) } ?? ""
      if field.isRequired { #expect(cell == "required", "\(field.name)") }
      if let fallback = field.fallback { #expect(cell.hasPrefix(fallback), "\(field.name): \(cell)") }
    }
  }

  @Test("A kind's example is on its page", arguments: JobKinds.streaming.all.map(\.kind))
  func example(kind: String) throws {
    let description = try #require(JobKinds.streaming.named(kind))
    let words = try page(of: kind).split(whereSeparator: \.isWhitespace).filter { $0 != "\\" }.joined(separator: " ")
    #expect(words.contains(description.example))
  }

  @Test(
    "A kind's page says what a new job waits for that is enqueued while a cancelled one of its key still runs",
    arguments: JobKinds.streaming.all.map(\.kind))
  func successor(kind: String) throws {
    let page = try page(of: kind)
    let row = page.split(separator: "\n").first { $0.hasPrefix("| cancelled while it runs, then enqueued anew |") }
    #expect(row?.contains("`blocked` until the cancelled job has ended") == true)
  }
}
