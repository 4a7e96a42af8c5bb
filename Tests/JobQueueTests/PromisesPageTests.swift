import Foundation
import Testing

@Suite("The page of promises")
struct PromisesPageTests {
  private let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// What stands in quotes on the page, across line breaks.
  private func quoted() throws -> [String] {
    let page = try String(contentsOf: root.appendingPathComponent("docs/promises.md"), encoding: .utf8)
    let parts = page.components(separatedBy: "\"")
    return stride(from: 1, to: parts.count, by: 2).map { parts[$0].replacingOccurrences(of: "\n", with: " ") }
      .filter { $0.count > 8 }
  }

  private func sources() throws -> String {
    var text = ""
    for folder in ["Tests", "Sources/JobQueueTestKit"] {
      let files = FileManager.default.enumerator(
        at: root.appendingPathComponent(folder), includingPropertiesForKeys: nil)
      while let file = files?.nextObject() as? URL {
        if file.pathExtension == "swift" { text += try String(contentsOf: file, encoding: .utf8) }
      }
    }
    return text
  }

  @Test("names tests that exist")
  func names() throws {
    let sources = try sources()
    let names = try quoted()
    #expect(names.count > 30)
    for name in names { #expect(sources.contains("\"\(name)\""), "\(name)") }
  }
}
