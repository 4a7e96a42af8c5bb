import FoundationEssentials
import Presentation
import Testing

@Suite("rundown explain")
struct ExplainTests {
  @Test("knows every code of ours that the sources can print")
  func complete() throws {
    var codes: Set<String> = []
    for file in try Self.sources() {
      let text = String(decoding: try Data(contentsOf: URL(filePath: file)), as: UTF8.self)
      for match in text.matches(of: /"(RD0[0-9]{3})"|[cC]ode(?:\(rawValue)?: "([A-Za-z][A-Za-z-]+)"/) {
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

  @Test("knows every code that a page shows, whoever it comes from, and says what becomes of the job")
  func pages() async throws {
    let folder = try Folder()
    var codes: Set<String> = ["http-404", "http-503"]
    for page in try Self.pages() {
      for line in page.split(separator: "\n") where line.hasPrefix("|") {
        // The outcome of a row of trouble, and the answers of a provider's table.
        for match in line.matches(of: /(?:dead|held), `([^`]+)`(?: or `([^`]+)`)?/) {
          codes.formUnion([match.output.1, match.output.2].compactMap { $0.map(String.init) })
        }
        if line.contains("| refused |") || line.contains("| not sent |") {
          for match in (line.split(separator: "|").first ?? "").matches(of: /`([^`]+)`/) {
            codes.insert(String(match.output.1))
          }
        }
      }
    }
    for page in try Self.pages() {
      for match in page.matches(of: /error\[([^\]`]+)\]|(RD0[0-9]{3})|rundown explain ([A-Za-z0-9-]+)/) {
        codes.formUnion([match.output.1, match.output.2, match.output.3].compactMap { $0.map(String.init) })
      }
      guard page.hasPrefix("# Troubleshooting") else { continue }
      // The symptoms: what somebody sees on the screen, and asks about.
      for line in page.split(separator: "\n") where line.hasPrefix("|") {
        for match in (line.split(separator: "|").first ?? "").matches(of: /`([a-z]+(?:-[a-z]+)*)`/) {
          codes.insert(String(match.output.1))
        }
      }
    }
    // Words that stand for a code, and the command that it came from.
    codes.subtract(["CODE", "enqueue"])
    #expect(codes.count > 50)
    for code in codes.sorted() {
      let ended = try await Command.run(["explain", code], in: folder)
      #expect(ended.status == 0, "\(code): \(ended.errors)")
    }
    let token = try await Command.run(["explain", "err-401-expiredtoken"], in: folder).output
    #expect(token.hasPrefix("ERR-401-ExpiredToken: Wowza Video: the token has expired. The gate of this account"))
    #expect(token.contains("What to do: create a new token"))
    let missing = try await Command.run(["explain", "http-404"], in: folder).output
    for meaning in ["Wowza Streaming Engine: the application", "Wowza Video: the service refused", "S3 refused"] {
      #expect(missing.contains(meaning), "\(missing)")
    }
  }

  @Test(
    "knows the states of jobs and gates, the ends of attempts, bare statuses and codes of a form that it knows",
    arguments: StateExplanations.words + ["404", "503", "ERR-404-SomethingElse", "no-asset", "http-404"])
  func words(word: String) async throws {
    let ended = try await Command.run(["explain", word], in: try Folder())
    #expect(ended.status == 0 && ended.output.count > 60, "\(word): \(ended.errors)")
  }

  @Test("says more about a wrong input than the error did")
  func more() async throws {
    let folder = try Folder()
    for code in Explanations.texts.keys where code.hasPrefix("RD0") {
      let text = Explanation.all(of: code).first?.text ?? ""
      #expect(text.contains("\n"), "\(code) has no more than a sentence")
    }
    try folder.write("gig.csv", "kind,connection\nx,y\n")
    let told = try await Command.run(["enqueue", "gig.csv"], in: folder).errors
    let page = try await Command.run(["explain", "RD0212"], in: folder).output
    #expect(!told.contains("csv.DictReader") && page.contains("csv.DictReader"))
  }

  @Test("lists every code without an argument")
  func list() async throws {
    let listed = try await Command.run(["explain"], in: try Folder()).output.split(separator: "\n").map {
      String($0.prefix { $0 != " " })
    }
    for code in Explanations.texts.keys { #expect(listed.contains(code), "\(code)") }
    #expect(listed.contains("ERR-401-ExpiredToken") && listed.contains("NoSuchBucket"))
  }

  private static func pages() throws -> [String] {
    var root = #filePath
    for _ in 0..<3 { root = String(root[..<(root.lastIndex(of: "/") ?? root.startIndex)]) }
    return try FileManager.default.subpathsOfDirectory(atPath: "\(root)/docs").filter { $0.hasSuffix(".md") }.map {
      String(decoding: try Data(contentsOf: URL(filePath: "\(root)/docs/\($0)")), as: UTF8.self)
    }
  }

  private static func sources() throws -> [String] {
    var root = #filePath
    for _ in 0..<3 { root = String(root[..<(root.lastIndex(of: "/") ?? root.startIndex)]) }
    root += "/Sources"
    // What never runs at a user's.
    let others = ["rundown-bench/", "JobQueueTestKit/"]
    return try FileManager.default.subpathsOfDirectory(atPath: root)
      .filter { path in path.hasSuffix(".swift") && !others.contains { path.hasPrefix($0) } }
      .map { "\(root)/\($0)" }
  }
}
