import FoundationEssentials
import Glibc
import Testing

/// The pages that `scripts/man` writes.
@Suite("The manual pages", .timeLimit(.minutes(20)))
struct ManualTests {
  private static let groff = "/usr/bin/groff"
  /// What a page may ask the typesetter for.
  private static let requests: Set<Substring> = [".TH", ".SH", ".TP", ".PP", ".nf", ".fi"]

  private let folder: Folder

  init() throws { folder = try Folder() }

  private func write() async throws -> [String: String] {
    var root = #filePath
    for _ in 0..<3 { root = String(root[..<(root.lastIndex(of: "/") ?? root.startIndex)]) }
    let ended = try await Command.shell("'\(root)/scripts/man' '\(try Command.executable)' pages", in: folder)
    #expect(ended.status == 0, "\(ended.errors)")
    let names = try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/pages")
    return Dictionary(uniqueKeysWithValues: try names.map { ($0, try folder.text("pages/\($0)")) })
  }

  @Test("tell of every command and flag that the help tells of, in requests that every reader of manuals knows")
  func complete() async throws {
    let pages = try await write()
    #expect(pages.count > 30)
    for words in [
      [], ["worker"], ["jobs"], ["jobs", "list"], ["enqueue", "create-map-entry"], ["enqueue", "upload-recording"],
      ["backup"], ["init"], ["completions"],
    ] {
      let name = (["rundown"] + words).joined(separator: "-") + ".1"
      let page = try #require(pages[name], "\(name)").replacing("\\-", with: "-").replacing("\\&", with: "")
      let help = try await Command.run(words + ["--help"], in: folder).output
      let abstract = help.split(separator: "\n").first?.dropFirst("OVERVIEW: ".count) ?? ""
      #expect(page.contains(abstract.prefix { $0 != "." }), "\(name): \(abstract)")
      let flags = help.split(whereSeparator: { $0.isWhitespace || ",[]()/.;:'".contains($0) }).filter {
        $0.hasPrefix("--")
      }
      for flag in Set(flags) { #expect(page.contains(flag), "\(name) lacks \(flag)") }
      // An example stands as it is typed.
      for line in help.split(separator: "\n") where line.hasPrefix("  rundown ") {
        let typed = line.dropFirst(2).replacing("\\", with: "\\e")
        #expect(page.split(separator: "\n").contains(typed[...]) || page.contains("-\(typed)"), "\(name): \(typed)")
      }
    }
    for (name, page) in pages {
      #expect(page.hasPrefix(".TH \"") && page.utf8.allSatisfy { $0 < 0x80 && $0 != 0x0D }, "\(name)")
      for section in ["NAME", "SYNOPSIS", "SEE ALSO"] { #expect(page.contains("\n.SH \(section)\n"), "\(name)") }
      for line in page.split(separator: "\n") where line.hasPrefix(".") || line.hasPrefix("'") {
        #expect(Self.requests.contains(line.prefix { $0 != " " }), "\(name): \(line)")
      }
    }
  }

  @Test(
    "are set by groff without a warning",
    .enabled(if: access(Self.groff, X_OK) == 0, "groff is not there; scripts/setup installs it"))
  func warnings() async throws {
    let pages = try await write()
    let ended = try await Command.shell(
      "for page in pages/*.1; do groff -man -ww -Tascii -rLL=100n \"$page\"; done | head -c 100000000", in: folder)
    #expect(ended.status == 0 && ended.errors == "", "\(ended.errors)")
    #expect(ended.output.split(separator: "\n").count > 20 * pages.count)
    #expect(ended.output.contains("rundown worker --queues uploads=2"))
  }
}
