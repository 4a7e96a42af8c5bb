import ArgumentParser
import FoundationEssentials
import StreamingJobs
import Testing

@testable import rundown

@Suite("Help and completions", .timeLimit(.minutes(20)))
struct HelpTests {
  /// Every command with the words that lead to it.
  private static let commands: [(words: [String], type: any ParsableCommand.Type)] = {
    func all(_ words: [String], _ type: any ParsableCommand.Type) -> [(words: [String], type: any ParsableCommand.Type)]
    {
      [(words, type)]
        + type.configuration.subcommands.flatMap { all(words + [$0._commandName], $0) }
    }
    return all([], Rundown.self)
  }()

  /// The lines of a command's examples, continued lines as one, without their comments.
  private static func examples(of type: any ParsableCommand.Type) -> [String] {
    let text = type.configuration.discussion.replacing("\\\n", with: " ")
    let block = text.split(separator: "\n", omittingEmptySubsequences: false)
      .drop { !$0.hasPrefix("EXAMPLE") }.dropFirst().prefix { $0.hasPrefix("  ") }
    return block.map { line in
      let code = line.firstRange(of: "#").map { line[..<$0.lowerBound] } ?? line
      return code.split(separator: " ").joined(separator: " ")
    }
  }

  @Test("every command has an example, and each can be pasted: a shell understands it, and so do we")
  func examples() throws {
    var seen = 0
    for (words, type) in Self.commands {
      for line in type.configuration.discussion.split(separator: "\n") {
        // The parser would break a longer one, also inside of an example.
        #expect(line.count <= 80, "\(line)")
      }
      let examples = Self.examples(of: type)
      #expect(!examples.isEmpty || !type.configuration.subcommands.isEmpty, "\(words)")
      for example in examples {
        seen += 1
        let command = example.split(separator: "|").last ?? ""
        let redirected = command.split(separator: ">").first ?? ""
        let parts = redirected.replacing(/"[^"]*"/, with: "quoted").split(separator: " ").map(String.init)
        #expect(parts.first == "rundown", "\(example)")
        #expect(throws: Never.self, "\(example)") {
          _ = try Rundown.parseAsRoot(BareOptions.spelledOut(Array(parts.dropFirst())))
        }
      }
    }
    #expect(seen > 25)
  }

  @Test("on a narrow terminal usage is broken between words, an option stays with its value")
  func usage() {
    let usage = "USAGE: rundown enqueue [<options>] --connection <connection> --file <file> [--key <key>]"
    #expect(
      HelpText.fit("OVERVIEW: x\n\n\(usage)\n", width: 40) == """
        OVERVIEW: x

        USAGE: rundown enqueue [<options>]
               --connection <connection>
               --file <file> [--key <key>]

        """)
    #expect(HelpText.fit(usage, width: nil) == usage)
    #expect(HelpText.fit(usage, width: 200) == usage)
  }

  @Test("no line of help is longer than 80 columns")
  func width() {
    for (words, type) in Self.commands {
      let help =
        words.isEmpty
        ? Rundown.helpMessage(includeHidden: false, columns: 80)
        : Rundown.helpMessage(for: type, includeHidden: false, columns: 80)
      let text = HelpText.fit(help, width: 80)
      for line in text.split(separator: "\n") { #expect(line.count <= 80, "\(words): \(line)") }
    }
  }

  @Test("a completion script for each shell; what the configuration and the queue know is asked while completing")
  func completions() async throws {
    let folder = try Folder()
    for shell in ["bash", "zsh", "fish"] {
      let script = try await Command.run(["completions", shell], in: folder)
      #expect(script.status == 0 && script.output.contains("discard") && script.output.hasSuffix("\n"), "\(shell)")
    }
    #expect(try await Command.run(["completions", "tcsh"], in: folder).status == 2)
    try folder.write(
      "rundown.yaml",
      """
      apiVersion: rundown/v1
      connections:
        engines:
          fra1: {url: "http://127.0.0.1:8087", auth: none}
      """)
    let connection = ["---completion", "enqueue", "create-map-entry", "--", "--engine", "0", "0"]
    #expect(try await Command.run(connection, in: folder).output == "fra1\n")
    let jobs = ["---completion", "jobs", "show", "--", "positional@0", "0", "0"]
    #expect(try await Command.run(jobs, in: folder).output.split(separator: "\n").isEmpty)
    let enqueue = ["enqueue", "restream-asset", "--connection", "main", "--asset-id"]
    // The configuration has no such connection: another folder's does not matter.
    let other = try Folder()
    for asset in ["a", "b"] { #expect(try await Command.run(enqueue + [asset], in: other).status == 0) }
    #expect(try await Command.run(jobs, in: other).output == "2\n1\n")
  }
}
