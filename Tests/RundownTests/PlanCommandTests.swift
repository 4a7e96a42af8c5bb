import FoundationEssentials
import Glibc
import Testing

@Suite("rundown plan", .timeLimit(.minutes(20)))
struct PlanCommandTests {
  private struct Planned: Decodable {
    struct Plan: Decodable {
      struct Resource: Decodable {
        struct Difference: Decodable, Equatable {
          var field: String
          var found: String?
          var wanted: String?
        }
        var action: String
        var name: String
        var differences: [Difference]
      }
      struct Connection: Decodable {
        var connection: String
        var asked: Int
        var toCome: Int
      }
      var changes: Bool
      var counts: [String: Int]
      var resources: [Resource]
      var connections: [Connection]
    }
    var plan: Plan
  }

  private func planned(_ venue: EventVenue) async throws -> Planned.Plan {
    try await venue.sheet("plan", "--json").json(Planned.self).plan
  }

  @Test("an empty world is all to create; what was applied is nothing to change; neither makes a file nor changes one")
  func wholePath() async throws {
    try await EventVenue.open { venue in
      let before = try venue.folder.contents()
      let first = try await venue.sheet("plan", "--detailed-exitcode")
      #expect(first.status == 10, "\(first.errors)")
      #expect(first.output.hasPrefix("gig: 2 streams, 4 resources\n"), "\(first.output)")
      #expect(first.output.contains("4 to create, 0 to change, 0 to adopt"), "\(first.output)")
      for line in [
        ["create", "bucket", "gig-live"], ["create", "CDN", "target", "cdn-gig-live"],
        ["create", "map", "entry", "stage-a-s3", "engine", "fra1/live"],
      ] {
        let lines = first.output.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
        #expect(lines.contains { $0.starts(with: line) }, "\(line) \(first.output)")
      }
      #expect(try await venue.sheet("plan").status == 0)
      #expect(try venue.folder.contents() == before, "a plan makes no file")

      #expect(try await venue.sheet("apply").status == 0)
      let waiting = try await venue.sheet("plan", "--detailed-exitcode")
      #expect(waiting.status == 0 && waiting.output.contains("nothing to change: 4 under way"), "\(waiting.output)")
      try await venue.work()

      let file = try venue.folder.contents()["rundown.db"]
      let requests = try await venue.requests()
      let second = try await venue.sheet("plan", "--detailed-exitcode")
      #expect(second.status == 0, "\(second.errors)")
      #expect(second.output.contains("nothing to change: 4 unchanged"), "\(second.output)")
      #expect(!second.output.contains("stage-a-s3"), "what is as asked is counted only: \(second.output)")
      #expect(try venue.folder.contents()["rundown.db"] == file, "a plan changes no row")
      let now = try await venue.requests()
      #expect(now.engine == requests.engine + 1, "all entries of an application are one request")
      for secret in EventVenue.secrets {
        #expect(!(first.output + first.errors + second.output + second.errors).contains(secret))
      }
    }
  }

  @Test("what someone else changed is shown field by field with both values, and changed only if that is allowed")
  func differences() async throws {
    try await EventVenue.open { venue in
      _ = try await venue.sheet("apply")
      try await venue.work()
      let foreign = [
        "enqueue", "create-map-entry", "--engine", "fra1", "--application", "live", "--entry-name", "stage-a-s3",
        "--source-stream", "other", "--bucket", "gig-live", "--region", "eu-central-1", "--credential", "push",
        "--on-existing", "replace",
      ]
      #expect(try await venue.run(foreign).status == 0)
      try await venue.work()

      let refused = try await venue.sheet("plan")
      #expect(refused.status == 8, "\(refused.errors)")
      #expect(refused.output.contains("sourceStreamName: 'other' → 'stage-a'"), "\(refused.output)")
      #expect(
        refused.errors.contains("error[RD0432]: 1 resource cannot be created as the manifest says"),
        "\(refused.errors)")

      try venue.writeProfile("onExisting: {mapEntry: replace-if-different}")
      let plan = try await planned(venue)
      #expect(plan.changes && plan.counts["change"] == 1 && plan.counts["no-op"] == 3, "\(plan.counts)")
      let entry = try #require(plan.resources.first { $0.name == "stage-a-s3" })
      #expect(entry.action == "change")
      #expect(
        entry.differences.contains { $0.field == "sourceStreamName" && $0.found == "other" && $0.wanted == "stage-a" })
      #expect(plan.connections.first { $0.connection == "engine:fra1" }?.toCome == 6)
      #expect(try await venue.sheet("plan", "--detailed-exitcode").status == 10)

      _ = try await venue.sheet("apply")
      try await venue.work()
      #expect(try await venue.sheet("plan", "--detailed-exitcode").status == 0)
    }
  }

  @Test("for 200 unchanged streams, one list is requested per application")
  func lists() async throws {
    try await EventVenue.open { venue in
      try venue.folder.write("gig.csv", "stream\n" + (1...200).map { "cam-\($0)\n" }.joined())
      let started = try await venue.requests()
      let create = try await planned(venue)
      #expect(create.counts["create"] == 202)
      #expect(create.connections.first { $0.connection == "engine:fra1" }?.asked == 1)
      let first = try await venue.requests()
      #expect(first.engine == started.engine + 1)
      _ = try await venue.sheet("apply")
      try await venue.work()
      let applied = try await venue.requests()
      // What the plan foresaw is what the jobs did, but for a request that was repeated.
      let foreseen = try #require(create.connections.first { $0.connection == "engine:fra1" }).toCome
      #expect(foreseen == 600 && (foreseen...foreseen + 20).contains(applied.engine - first.engine))
      let plan = try await planned(venue)
      #expect(!plan.changes && plan.counts["no-op"] == 202, "\(plan.counts)")
      let second = try await venue.requests()
      // The account's list may end with a page that has nothing on it; then the target itself is read.
      #expect(second.engine == applied.engine + 1 && second.video <= applied.video + 3)
    }
  }

  @Test("what already exists and is not ours is adopted once")
  func adoption() async throws {
    try await EventVenue.open { venue in
      _ = try await venue.sheet("apply")
      try await venue.work()
      try venue.folder.write("other.csv", "stream\nstage-a\n")
      let other = ["other.csv", "--profile", "house.yaml"]
      let plan = try await venue.run(["plan", "--json"] + other).json(Planned.self).plan
      #expect(plan.counts["adopt"] == 3, "\(plan.counts)")
      _ = try await venue.run(["apply"] + other)
      try await venue.work()
      let again = try await venue.run(["plan", "--json", "--detailed-exitcode"] + other)
      #expect(again.status == 0)
      #expect(try again.json(Planned.self).plan.counts["no-op"] == 3)
    }
  }

  @Test(
    "a provider that refuses or cannot be reached is reported once, with the right exit status, and the rest is shown")
  func unreachable() async throws {
    try await EventVenue.open { venue in
      try await venue.fault(#"{"listener":"engine fra1","kind":"unauthorized"}"#)
      let refused = try await venue.sheet("plan", "--out", "gig.plan")
      #expect(refused.status == 4, "\(refused.errors)")
      #expect(refused.errors.components(of: "error[RD0431]").count == 2, "\(refused.errors)")
      #expect(refused.errors.contains("engine fra1: 2 resources could not be checked"), "\(refused.errors)")
      #expect(refused.output.contains("2 to create") && refused.output.contains("2 unknown"), "\(refused.output)")
      #expect(!venue.folder.exists("gig.plan"))
    }
    let folder = try Folder()
    try folder.write("key", "key")
    try folder.write(
      "rundown.yaml",
      """
      apiVersion: rundown/v1
      connections:
        engines: {fra1: {url: "http://127.0.0.1:1", auth: none}}
        pushCredentials: {push: {accessKeyId: {file: key}, secretAccessKey: {file: key}}}
        aws: {media: {source: static, accessKeyId: file:key, secretAccessKey: file:key, endpoint: "http://127.0.0.1:1"}}
      """)
    try folder.write("gig.csv", "stream,engine,region,bucket,credential\na,fra1,eu-central-1,gig-live,push\n")
    let ended = try await Command.run(["plan", "gig.csv"], in: folder)
    #expect(ended.status == 5, "\(ended.errors)")
    #expect(ended.errors.contains("engine fra1: 1 resource could not be checked"), "\(ended.errors)")
    let nothing = try Folder()
    try nothing.write(
      "gig.csv", "stream,engine,region,bucket,credential,bucket.connection\na,f,eu-central-1,gig-live,p,m\n")
    let unknown = try await Command.run(["plan", "gig.csv"], in: nothing)
    #expect(unknown.status == 2 && unknown.errors.contains("error[RD0430]"), "\(unknown.errors)")
  }

  @Test("a planned start or stop is to be created until it is scheduled, and pending from then on")
  func moments() async throws {
    try await EventVenue.open { venue in
      try venue.folder.write(
        "gig.csv", "stream,start,stop\nstage-a,2097-12-05T18:00:00+01:00,2097-12-05T23:30:00+01:00\n")
      let first = try await venue.sheet("plan", "--utc")
      #expect(first.output.contains("5 to create"), "\(first.output)")
      #expect(first.output.contains("2097-12-05 17:00:00Z"), "\(first.output)")
      #expect(first.output.contains("the last job starts at 2097-12-05 22:30:00Z"), "\(first.output)")
      _ = try await venue.sheet("apply")
      try await venue.work()
      let second = try await venue.sheet("plan", "--detailed-exitcode")
      #expect(second.status == 0, "\(second.output)")
      #expect(second.output.contains("nothing to change: 3 unchanged, 2 under way"), "\(second.output)")
    }
  }
}

@Suite("A saved plan", .timeLimit(.minutes(20)))
struct SavedPlanCommandTests {
  private func save(_ venue: EventVenue) async throws {
    let ended = try await venue.sheet("plan", "--out", "gig.plan")
    #expect(ended.status == 0, "\(ended.errors)")
  }

  @Test(
    "is a file of its owner's alone, known by its first line, without secrets; it is applied once, and then refused")
  func applied() async throws {
    try await EventVenue.open { venue in
      try await save(venue)
      let text = try venue.folder.text("gig.plan")
      #expect(text.hasPrefix(#"{"rundown":"plan","version":2,"#))
      #expect(text.split(separator: "\n").count == 5)
      for secret in EventVenue.secrets { #expect(!text.contains(secret)) }
      var status = stat()
      #expect(stat("\(venue.folder.path)/gig.plan", &status) == 0 && status.st_mode & 0o777 == 0o600)

      let applied = try await venue.run(["apply", "-f", "gig.plan"])
      #expect(applied.status == 0, "\(applied.errors)")
      #expect(applied.errors.contains("gig: 4 jobs enqueued"), "\(applied.errors)")
      let twice = try await venue.run(["apply", "gig.plan"])
      #expect(twice.status == 8, "\(twice.errors)")
      #expect(twice.errors.contains("create-bucket-config gig-live: job 1 is working on it now"), "\(twice.errors)")
      try await venue.work()
      let later = try await venue.run(["apply", "gig.plan"])
      #expect(later.status == 8)
      #expect(later.errors.contains("was missing, is now as requested"), "\(later.errors)")
      #expect(try await venue.sheet("plan", "--detailed-exitcode").status == 0)
      // Of what is there and what is new only the new is enqueued, and waits for nothing.
      try venue.folder.write("gig.csv", "stream\nstage-a\nstage-b\nstage-c\n")
      try await save(venue)
      let third = try await venue.run(["apply", "gig.plan"])
      #expect(third.errors.contains("gig: 1 job enqueued"), "\(third.errors)")
      try await venue.work()
      #expect(try await venue.sheet("plan", "--detailed-exitcode").status == 0)
    }
  }

  @Test("follows the rollout of its manifest with the streams that have something to do, and --wait shows the board")
  func rollout() async throws {
    struct Applied: Decodable {
      struct Report: Decodable {
        var waves: [Int]
        var enqueued: Int
      }
      var applied: Report
    }
    try await EventVenue.open { venue in
      func write(_ streams: Int) throws {
        try venue.folder.write(
          "cup.yaml",
          """
          apiVersion: rundown/v1
          kind: Onboarding
          metadata: {name: cup}
          spec:
            groups: [{name: all, generate: {name: "cam-{n}", from: 1, to: \(streams)}}]
            rollout: {canary: 1, waves: [rest]}
          """)
      }
      func plan(_ more: String...) async throws -> Command.Ended {
        try await venue.run(["plan", "cup.yaml", "--profile", "house.yaml", "--out", "cup.plan"] + more)
      }
      try write(1)
      #expect(try await venue.run(["apply", "cup.yaml", "--profile", "house.yaml"]).status == 0)
      try await venue.work()
      try write(4)
      let planned = try await plan()
      #expect(planned.status == 0, "\(planned.errors)")
      #expect(planned.errors.contains("rollout in 2 waves: 1, then 2 streams; it stops if one fails"))
      let worker = try Command.start(["worker"], in: venue.folder)
      let applied = try await venue.run(["apply", "cup.plan", "--wait"])
      worker.signal(15)
      #expect(try await worker.end().status == 0)
      #expect(applied.status == 0, "\(applied.errors)")
      #expect(applied.errors.contains("cup: 3 jobs enqueued"), "\(applied.errors)")
      #expect(applied.errors.contains("rollout in 2 waves: 1, then 2 streams"), "\(applied.errors)")
      #expect(applied.output.contains("cup: 4 of 4 streams done\n"), "\(applied.output)")
      let checks = try await venue.run(["jobs", "list", "--kind", "check-wave", "-o", "name"])
      #expect(checks.output.split(separator: "\n").count == 1, "\(checks.errors)")

      try write(6)
      #expect(try await plan("--no-rollout").errors.contains("rollout in") == false)
      let twice = try await venue.run(["apply", "cup.plan", "--no-rollout"])
      #expect(twice.status == 2 && twice.errors.contains("error[RD0435]"), "\(twice.errors)")
      let once = try await venue.run(["apply", "cup.plan", "--json"]).json(Applied.self).applied
      #expect(once.waves == [6] && once.enqueued == 2)
    }
  }

  @Test("is refused when a file that it was made of has changed, when it is not whole, and beside other wishes")
  func refused() async throws {
    try await EventVenue.open { venue in
      try await save(venue)
      let profile = try await venue.run(["apply", "gig.plan", "--profile", "house.yaml"])
      #expect(profile.status == 2 && profile.errors.contains("error[RD0435]"), "\(profile.errors)")
      try venue.writeProfile("enabled: no")
      let changed = try await venue.run(["apply", "gig.plan"])
      #expect(changed.status == 8 && changed.errors.contains("house.yaml has changed"), "\(changed.errors)")
      try venue.writeProfile()
      let lines = try venue.folder.text("gig.plan").split(separator: "\n")
      try venue.folder.write("gig.plan", lines.dropLast().joined(separator: "\n"))
      let torn = try await venue.run(["apply", "gig.plan"])
      #expect(torn.status == 2 && torn.errors.contains("error[RD0433]"), "\(torn.errors)")
      let other = try await venue.sheet("plan", "--out", "gig.csv")
      #expect(other.status == 2 && other.errors.contains("is not a saved plan"), "\(other.errors)")
      #expect(!venue.folder.exists("rundown.db"))
    }
  }
}

extension String {
  /// The parts between the places where a word stands.
  fileprivate func components(of word: String) -> [Substring] {
    split(separator: word, omittingEmptySubsequences: false)
  }
}
