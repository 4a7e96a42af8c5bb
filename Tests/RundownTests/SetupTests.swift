import FoundationEssentials
import Testing

@Suite("scripts/setup")
struct SetupTests {
  /// What scripts and tests call and a bare Debian 12 lacks, with its package; all else they call is always there.
  private static let needed = [
    "curl": "curl", "openssl": "openssl", "nghttpd": "nghttp2-server", "python3 -m venv": "python3-venv",
    "swift build": "git", "groff": "groff-base",
  ]

  private func script(_ name: String) throws -> String {
    var root = #filePath
    for _ in 0..<3 { root = String(root[..<(root.lastIndex(of: "/") ?? root.startIndex)]) }
    return String(decoding: try Data(contentsOf: URL(filePath: "\(root)/scripts/\(name)")), as: UTF8.self)
  }

  @Test("looks for Swift before it installs anything, and brings no package to another version")
  func first() throws {
    let setup = try script("setup")
    let swift = try #require(setup.firstRange(of: "command -v swift"))
    let install = try #require(setup.firstRange(of: "apt-get install"))
    #expect(swift.lowerBound < install.lowerBound)
    for line in setup.split(separator: "\n") where line.contains("apt-get install") {
      #expect(line.contains("--no-upgrade") && line.contains("missing"))
    }
    #expect(!setup.contains("apt-get upgrade"))
  }

  /// The demo's own function, in a folder in which one file stands for all sources.
  @Test(
    "the demo builds when a source or the compiler is newer than its stamp, is gone, or a program is not there",
    arguments: [
      ("true", "built"), ("touch -d '1 hour' Sources/a.swift", "stale"), ("rm Sources/a.swift", "stale"),
      ("touch -d '1 hour' compiler", "stale"), ("rm programs/rundown", "stale"), ("rm stamp", "stale"),
      (": >stamp", "stale"), ("compiler=another", "stale"), ("touch -d '-90 minutes' Sources/a.swift", "built"),
    ])
  func stamp(change: String, expected: String) async throws {
    let folder = try Folder()
    let demo = try script("demo")
    let function = try #require(demo.firstMatch(of: /(?s)\nis_built\(\) \{.*?\n\}\n/)).output
    try folder.write("function", String(function))
    let ended = try await Command.shell(
      """
      set -euo pipefail; . ./function
      mkdir Sources programs; touch Sources/a.swift Sources/b.swift compiler programs/rundown programs/rundown-standins
      chmod +x programs/*; find . -exec touch -d '-2 hours' {} +
      stamp=stamp compiler=compiler sources=(Sources)
      printf '%s\\n' programs programs compiler >stamp; touch -d '-1 hour' stamp
      \(change)
      if is_built; then echo built; else echo stale; fi
      """, in: folder)
    #expect(ended.status == 0 && ended.output == "\(expected)\n", "\(ended.errors)")
  }

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
