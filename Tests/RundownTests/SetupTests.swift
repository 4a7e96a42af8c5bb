import FoundationEssentials
import Testing

@Suite("scripts/setup")
struct SetupTests {
  /// What scripts and tests call and a bare Debian 12 lacks, with its package; all else they call is always there.
  private static let needed = [
    "curl": "curl", "openssl": "openssl", "nghttpd": "nghttp2-server", "python3 -m venv": "python3-venv",
    "swift build": "git",
  ]

  @Test("installs the package of every command that the scripts and tests call", arguments: needed.keys.sorted())
  func packages(command: String) throws {
    var root = #filePath
    for _ in 0..<3 { root = String(root[..<(root.lastIndex(of: "/") ?? root.startIndex)]) }
    let setup = String(decoding: try Data(contentsOf: URL(filePath: "\(root)/scripts/setup")), as: UTF8.self)
    let list = try #require(setup.firstMatch(of: /packages=\(([^)]*)\)/)).output.1
    let words = list.split(separator: "\n").filter { !$0.contains("#") }.flatMap { $0.split(separator: " ") }
    #expect(words.contains { $0 == Self.needed[command].map { $0[...] } })
  }
}
