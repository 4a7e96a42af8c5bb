import FoundationEssentials
import Testing

@Suite("rundown schedule", .timeLimit(.minutes(20)))
struct ScheduleCommandTests {
  private struct Runs: Decodable {
    struct Run: Decodable {
      var occurrence: String
      var planned: String
      var state: String
      var reason: String?
    }
    var occurrences: [Run]
  }

  private struct Times: Decodable {
    struct Time: Decodable {
      var at: String
      var local: String
      var clocksChange: Bool
    }
    var times: [Time]
  }

  private static let job = [
    "--", "check-wave", "--manifest", "cup", "--wave", "1", "--waves", "2", "--failed-percent", "0",
  ]

  private func runs(_ folder: Folder) async throws -> [Runs.Run] {
    let shown = try await Command.run(["schedule", "list", "--runs", "--limit", "500", "--json"], in: folder)
    #expect(shown.status == 0, "\(shown.errors)")
    return try JSONDecoder().decode(Runs.self, from: Data(shown.output.utf8)).occurrences
  }

  /// Those that are still to come: a minute may end between two commands.
  private func ahead(_ folder: Folder) async throws -> [Runs.Run] {
    let now = Date().formatted(.iso8601)
    return try await runs(folder).filter { $0.planned > now }
  }

  @Test("shows the times to come by the schedule's clock, and marks the day on which clocks change")
  func next() async throws {
    let folder = try Folder()
    let added = try await Command.run(
      ["schedule", "add", "nightly", "--zone", "Europe/Berlin", "--cron", "30 2 * * *", "--from", "2027-03-27T00:00"]
        + Self.job, in: folder)
    #expect(added.status == 0, "\(added.errors)")
    #expect(added.output.hasPrefix("nightly: next 2027-03-27 02:30 +01:00"), "\(added.output)")
    let shown = try await Command.run(["schedule", "next", "nightly", "-n", "3", "--json"], in: folder)
    let times = try JSONDecoder().decode(Times.self, from: Data(shown.output.utf8)).times
    // In the night to 28 March the clock goes from 02:00 to 03:00.
    #expect(times.map(\.at) == ["2027-03-27T01:30:00.000Z", "2027-03-28T01:00:00.000Z", "2027-03-29T00:30:00.000Z"])
    #expect(times.map(\.local) == ["2027-03-27 02:30 +01:00", "2027-03-28 03:00 +02:00", "2027-03-29 02:30 +02:00"])
    #expect(times[1].clocksChange)
    let screen = try await Command.run(["schedule", "next", "nightly", "-n", "3", "--utc"], in: folder)
    #expect(screen.output.contains("clocks change"))
  }

  @Test("runs its job when it is triggered, and says what became of it")
  func trigger() async throws {
    let folder = try Folder()
    let added = try await Command.run(
      ["schedule", "add", "check", "--zone", "UTC", "--cron", "0 4 1 1 *"] + Self.job, in: folder)
    #expect(added.status == 0, "\(added.errors)")
    let triggered = try await Command.run(["schedule", "trigger", "check"], in: folder)
    #expect(triggered.status == 0, "\(triggered.errors)")
    let key = triggered.output.prefix { !$0.isNewline }
    #expect(try await runs(folder).map(\.state) == ["planned"])
    let worker = try await Command.run(["worker", "--once", "--queues", "rollouts"], in: folder)
    #expect(worker.status == 0, "\(worker.errors)")
    let ended = try await runs(folder)
    #expect(ended.map(\.occurrence) == [String(key)])
    #expect(ended.map(\.state) == ["done"])
  }

  @Test("starts nothing while it is paused, leaves out what is skipped, and ends when it is removed")
  func changes() async throws {
    let folder = try Folder()
    // Every minute: the jobs of the next hour are there at once.
    let added = try await Command.run(
      ["schedule", "add", "often", "--zone", "UTC", "--cron", "* * * * *", "--overlap", "allow"] + Self.job, in: folder)
    #expect(added.status == 0, "\(added.errors)")
    let planned = try await runs(folder)
    #expect(planned.count >= 50 && planned.allSatisfy { $0.state == "planned" })
    let paused = try await Command.run(["schedule", "pause", "often", "--reason", "repairs"], in: folder)
    #expect(paused.status == 0, "\(paused.errors)")
    #expect(
      try await runs(folder).allSatisfy { $0.state == "skipped" && $0.reason == "the schedule is paused: repairs" })
    let worker = try await Command.run(["worker", "--once", "--queues", "rollouts"], in: folder)
    #expect(worker.status == 0, "\(worker.errors)")
    #expect(try await Command.run(["schedule", "resume", "often"], in: folder).status == 0)
    #expect(try await ahead(folder).contains { $0.state == "planned" })
    let skipped = try await Command.run(["schedule", "skip", "often", "--reason", "holiday"], in: folder)
    #expect(skipped.status == 0, "\(skipped.errors)")
    #expect(try await runs(folder).contains { $0.state == "skipped" && $0.reason == "holiday" })
    #expect(try await Command.run(["schedule", "remove", "often"], in: folder).status == 0)
    #expect(try await !ahead(folder).contains { $0.state == "planned" })
    #expect(try await Command.run(["schedule", "show", "often"], in: folder).status == 7)
  }

  @Test(
    "refuses what cannot be meant, with the way out",
    arguments: [
      (["--cron", "0 4 31 2 *"], "RD0444"), (["--at", "2020-01-01T00:00"], "RD0441"), ([], "RD0301"),
      (["--at", "tomorrow"], "RD0204"), (["--cron", "0 4 * * *", "--stop-after", "1h"], "RD0443"),
    ])
  func refuses(flags: [String], code: String) async throws {
    let folder = try Folder()
    let refused = try await Command.run(["schedule", "add", "x", "--zone", "UTC"] + flags + Self.job, in: folder)
    #expect(refused.status == 2, "\(refused.errors)")
    #expect(refused.errors.contains("error[\(code)]"), "\(refused.errors)")
    #expect(!folder.exists("rundown.db"))
  }

  @Test("refuses to start what nothing ends, unless that is meant")
  func needsStop() async throws {
    let folder = try Folder()
    let job = ["--", "enable-map-entry", "--engine", "fra1", "--application", "live", "--entry-name", "cam-01-s3"]
    let flags = ["schedule", "add", "x", "--zone", "Mars/Olympus", "--cron", "0 4 * * *"]
    let nowhere = try await Command.run(flags + ["--no-stop"] + job, in: folder)
    #expect(nowhere.status == 2 && nowhere.errors.contains("error[RD0442]"), "\(nowhere.errors)")
    let times = ["schedule", "add", "x", "--zone", "UTC", "--cron", "0 4 * * *"]
    let refused = try await Command.run(times + job, in: folder)
    #expect(refused.status == 2 && refused.errors.contains("error[RD0443]"), "\(refused.errors)")
    #expect(refused.errors.contains("--stop-after 2h"), "\(refused.errors)")
    #expect(try await Command.run(times + ["--no-stop"] + job, in: folder).status == 0)
    let stopped = try await Command.run(times + ["--stop-after", "2h"] + job, in: folder)
    #expect(stopped.status == 0, "\(stopped.errors)")
    let shown = try await Command.run(["schedule", "show", "x"], in: folder)
    #expect(shown.output.contains("stop: disable-map-entry, 2 h after its time"), "\(shown.output)")
  }
}
