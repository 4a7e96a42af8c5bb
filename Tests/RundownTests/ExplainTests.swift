import FoundationEssentials
import Testing

@testable import rundown

@Suite("rundown explain")
struct ExplainTests {
  @Test("knows every code of ours that the sources can tell a person")
  func complete() throws {
    var codes: Set<String> = []
    for file in try Self.sources() {
      let text = String(decoding: try Data(contentsOf: URL(filePath: file)), as: UTF8.self)
      for match in text.matches(of: /"(RD0[0-9]{3})"|[cC]ode(?:\(rawValue)?: "([a-z][a-z-]+)"/) {
        if let code = match.output.1 ?? match.output.2 { codes.insert(String(code)) }
      }
    }
    #expect(codes.count > 50)
    #expect(codes.subtracting(Explanations.texts.keys).sorted() == [])
  }

  @Test("says what a code means, whatever its case, and what was meant")
  func explains() async throws {
    let folder = try Folder()
    #expect(try await Command.run(["explain", "rd0207"], in: folder).output.hasPrefix("RD0207: "))
    #expect(try await Command.run(["explain", "Too-New"], in: folder).output.hasPrefix("too-new: "))
    let unknown = try await Command.run(["explain", "RD9207"], in: folder)
    #expect(unknown.status == 7)
    #expect(unknown.errors.contains("did you mean RD0207?"))
  }

  private static func sources() throws -> [String] {
    var root = #filePath
    for _ in 0..<3 { root = String(root[..<(root.lastIndex(of: "/") ?? root.startIndex)]) }
    root += "/Sources"
    // What never runs at a user's.
    let others = ["rundown-standins/", "rundown-bench/", "JobQueueTestKit/"]
    return try FileManager.default.subpathsOfDirectory(atPath: root)
      .filter { path in path.hasSuffix(".swift") && !others.contains { path.hasPrefix($0) } }
      .map { "\(root)/\($0)" }
  }
}
