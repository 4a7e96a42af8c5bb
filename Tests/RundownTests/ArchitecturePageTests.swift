import Testing

@Suite("docs/architecture.md")
struct ArchitecturePageTests {
  @Test("leads downwards through the worker, in ten files at most: none names a type of a file before it")
  func worker() throws {
    let lines = try Page("docs/architecture.md").prose
    let section = try #require(lines.firstIndex { $0.hasPrefix("## The worker, in ten files") })
    let names = lines[section...].dropFirst().prefix { !$0.hasPrefix("## ") }.compactMap { line in
      line.wholeMatch(of: /\| `(\w+)` \|.*/).map { String($0.output.1) }
    }
    #expect(names.first == "Worker" && (2...10).contains(names.count))
    for (index, name) in names.enumerated() {
      let text = try Page.text("Sources/JobWorker/\(name).swift")
      let code = text.split(separator: "\n").map { $0.replacing(/\/\/.*/, with: "") }.joined(separator: "\n")
      for above in names.prefix(index) {
        #expect(try !code.contains(Regex("\\b\(above)\\b")), "\(name) names \(above), which comes before it")
      }
    }
  }
}
