import TestServers
import Testing

@Suite("docs/start/first-event.md", .timeLimit(.minutes(20)))
struct FirstEventPageTests {
  @Test("can be followed line by line, and at the end the providers have counted each thing once")
  func followed() async throws {
    let standIns = try await StandIns.start()
    let result: Result<Command.Ended, any Error>
    do { result = .success(try await follow(standIns.ports)) } catch { result = .failure(error) }
    await standIns.stop()
    let ended = try result.get()
    #expect(ended.status == 0, "\(ended.output)\n\(ended.errors)")
    let counts = try #require(ended.output.split(separator: "\n").last)
    #expect(counts.contains(#""created":8"#) && counts.contains(#""createdTargets":1"#), "\(counts)")
    #expect(counts.firstMatch(of: /"duplicates":[1-9]/) == nil, "\(counts)")
  }

  /// Does what the page says, in a folder of its own.
  private func follow(_ ports: StandInsPorts) async throws -> Command.Ended {
    let page = try Page("docs/start/first-event.md")
    var lines: [String] = []
    for block in page.blocks {
      let text = block.text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
      switch block.language {
      case "sh": lines += text
      case "yaml":
        let name = try #require(block.caption.firstMatch(of: /Save this as `([a-z]+\.yaml)`:$/), "\(block.caption)")
        lines += ["cat > \(name.output.1) <<'END'"] + text + ["END"]
      default: break
      }
    }
    // Here the stand-ins run already, at ports that were free; and the engine need not be down for as long.
    let started = lines.filter { $0.hasPrefix("PATH=$(scripts/standins ") || $0.hasPrefix("rundown-standins ") }
    #expect(started.count == 2)
    lines.removeAll { started.contains($0) }
    let engine = try #require(ports.engines["fra1"])
    let script = lines.joined(separator: "\n").replacing(/790[013]/) { port in
      switch port.output {
      case "7900": "\(ports.control)"
      case "7901": "\(engine)"
      default: "\(ports.video)"
      }
    }
    .replacing(#""durationSeconds":8"#, with: #""durationSeconds":2"#).replacing("kill %1 %2", with: "kill %1; wait")
    let folder = try Folder()
    try folder.write("page.sh", "set -euo pipefail\ntrap 'kill $(jobs -p) 2>/dev/null || true' EXIT\n\(script)\n")
    return try await Command.shell("timeout 230 bash page.sh", in: folder)
  }
}
