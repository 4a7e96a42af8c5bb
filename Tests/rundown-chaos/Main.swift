import ArgumentParser
import FoundationEssentials
import Glibc
import ProcessStart

/// `rundown-chaos --folder DIR [--short] [--json] [--seed N]`: holds the storm; its exit code tells whether every
/// promise was kept.
@main
struct Chaos: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rundown-chaos", abstract: "Jobs, workers that are killed, providers that misbehave: what is left?",
    discussion: "See docs/chaos.md.")

  @Option(help: "A new folder for the queue file, the logs and everything else; it stays.")
  var folder: String

  @Flag(help: "Fewer jobs: for every run of the tests.")
  var short = false

  @Flag(help: "Only the JSON line on standard output.")
  var json = false

  @Option(help: "Chance begins with it; another one each time unless given.")
  var seed: UInt64 = .random(in: 0..<1 << 32)

  static func main() async { await main(StartArguments.readOrExit()) }

  func run() async throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let storm = Storm(plan: short ? .short : .full, seed: seed, folder: folder, say: Self.say)
    let report: StormReport
    do {
      report = try await storm.hold()
    } catch {
      Self.say("seed \(seed): \(error)")
      throw ExitCode(2)
    }
    for line in report.lines { json ? Self.say(line) : print(line) }
    print(report.json)
    // Standard output may be a file, and a file is written in blocks.
    fflush(nil)
    if !report.isGood { throw ExitCode.failure }
  }

  @Sendable private static func say(_ text: String) {
    let bytes = Array("chaos: \(text)\n".utf8)
    write(STDERR_FILENO, bytes, bytes.count)
  }
}
