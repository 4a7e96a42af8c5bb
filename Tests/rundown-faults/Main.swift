import FoundationEssentials
import Glibc
import SQLiteFaultKit

/// `rundown-faults run [name=value …]` tries the store's verbs with faults below SQLite; `rundown-faults read` is the
/// separate process that reads what is left, `rundown-faults next` one that goes on after a fault.
@main
enum Faults {
  static func main() async {
    do {
      let words = Array(CommandLine.arguments.dropFirst())
      switch words.first {
      case "read": try await ReadLoop.run()
      case "next": try await NextProcess.main()
      case "run":
        let settings = try FaultSettings(Array(words.dropFirst()))
        defer { try? FileManager.default.removeItem(atPath: settings.place) }
        var run = try await FaultRun(settings)
        print(String(decoding: try JSONEncoder().encode(try await run.run()), as: UTF8.self))
      default: throw FaultKitError(words: "usage: rundown-faults run|read [name=value …]")
      }
    } catch {
      let line = Array("error: \(error)\n".utf8)
      _ = write(STDERR_FILENO, line, line.count)
      exit(1)
    }
  }
}
