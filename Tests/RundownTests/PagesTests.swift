import ArgumentParser
import FoundationEssentials
import JobQueue
import Testing

@testable import rundown

@Suite("README.md and the pages under docs/")
struct PagesTests {
  @Test("link to what is there: files, folders and headings")
  func links() throws {
    let pages = try Page.all()
    let anchors = Dictionary(uniqueKeysWithValues: pages.map { ($0.path, $0.anchors) })
    var seen = 0
    for page in pages {
      for link in page.links {
        seen += 1
        let (path, anchor) = page.target(of: link)
        #expect(FileManager.default.fileExists(atPath: "\(Page.root)/\(path)"), "\(page.path): \(link)")
        if let anchor { #expect(anchors[path]?.contains(anchor) == true, "\(page.path): \(link)") }
      }
    }
    #expect(seen > 100)
  }

  @Test("are all found from docs/README.md")
  func index() throws {
    let index = try Page("docs/README.md")
    let listed = Set(index.links.map { index.target(of: $0).path })
    let pages = try Page.all().map(\.path).filter { $0.hasPrefix("docs/") && $0 != index.path }
    #expect(pages.filter { !listed.contains($0) } == [])
  }

  @Test("show Swift only as it stands in a file that is compiled: the one that the line above the block names")
  func samples() throws {
    var seen = 0
    for page in try Page.all() {
      for block in page.blocks where block.language == "swift" {
        seen += 1
        let caption = block.caption
        let file = try #require(caption.wholeMatch(of: /<!-- ([^ ]+\.swift) -->/), "\(page.path): \(caption)").output.1
        let isThere = try Page.text(String(file)).contains(block.text)
        #expect(isThere, "\(page.path): \(file) does not have these lines:\n\(block.text)")
      }
    }
    #expect(seen > 5)
  }

  @Test("show commands that can be typed")
  func commands() throws {
    var seen = 0
    for page in try Page.all() {
      for block in page.blocks where block.language == "sh" {
        // The parser answers a question for the version by an error of its own.
        for command in Self.commands(in: block.text) where command != ["rundown", "--version"] {
          seen += 1
          #expect(throws: Never.self, "\(page.path): \(command.joined(separator: " "))") {
            _ = try Rundown.parseAsRoot(BareOptions.spelledOut(Array(command.dropFirst())))
          }
        }
      }
    }
    #expect(seen > 60)
  }

  /// The calls of `rundown` in a block of shell, word by word.
  private static func commands(in text: String) -> [[String]] {
    let lines = text.replacing("\\\n", with: " ").replacing(/'[^']*'|"[^"\n]*"/, with: "quoted")
    return lines.split(separator: "\n").flatMap { line in
      let code = line.replacing(/(^| )#.*/, with: "").replacing(/[0-9]?[<>] *[^ ]+/, with: "")
      return code.split { ";|&".contains($0) }.map { $0.split(separator: " ").map(String.init) }
        .filter { $0.first == "rundown" }
    }
  }

  @Test("draw exactly the steps from state to state that the code allows")
  func drawing() throws {
    let drawing = try #require(try Page("docs/learn/lifecycle.md").blocks.first { $0.language == "mermaid" })
    let drawn = drawing.text.split(separator: "\n").compactMap { line in
      line.firstMatch(of: /^ *([a-z]+) --> ([a-z]+):/).map { "\($0.output.1) --> \($0.output.2)" }
    }
    let allowed = JobState.allCases.flatMap { state in state.successors.map { "\(state.rawValue) --> \($0.rawValue)" } }
    #expect(drawn.sorted() == allowed.sorted())
  }
}
