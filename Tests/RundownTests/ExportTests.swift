import FoundationEssentials
import JobQueue
import TestServers
import Testing

@Suite("rundown export", .timeLimit(.minutes(20)))
struct ExportTests {
  private struct Listed: Decodable {
    struct Job: Decodable, Hashable {
      var kind: String
      var uniqueKey: String?
      var parameters: JSONValue
    }
    var jobs: [Job]
  }

  private struct Counts: Decodable {
    struct Engine: Decodable { var created: Int }
    struct Video: Decodable { var createdTargets: Int }
    var engines: [String: Engine]
    var video: Video
  }

  private struct Document: Decodable {
    struct Spec: Decodable { var streams: [Stream] }
    struct Stream: Decodable {
      var name: String
      var status: [String: String]
    }
    var kind: String
    var metadata: [String: String]
    var spec: Spec
  }

  /// A folder whose connections lead to stand-ins, with a sheet and its profile.
  private static func furnished(_ ports: StandInsPorts, _ storage: SocketServer) throws -> Folder {
    let folder = try Folder()
    for (name, text) in [("user", "wse"), ("password", "wse-secret"), ("token", "standin-token"), ("key", "canary")] {
      try folder.write(name, text)
    }
    try folder.write(
      "rundown.yaml",
      """
      apiVersion: rundown/v1
      connections:
        engines:
          fra1:
            url: http://127.0.0.1:\(try #require(ports.engines["fra1"]))
            auth: basic
            user: {file: user}
            password: {file: password}
        wowzaVideo: {main: {url: "http://127.0.0.1:\(ports.video)", token: {file: token}}}
        pushCredentials: {push: {accessKeyId: {file: key}, secretAccessKey: {file: key}}}
        aws:
          media:
            source: static
            accessKeyId: file:key
            secretAccessKey: file:key
            region: eu-central-1
            endpoint: \(storage.url)
      """)
    try folder.write(
      "eu.yaml",
      """
      apiVersion: rundown/v1
      kind: Profile
      name: eu
      engine: fra1
      region: eu-central-1
      bucket: {name: gig-live, cors: {origins: ["https://a.example", "https://b.example"]}}
      target: {credential: push}
      cdn: {kind: wowza-cdn, name: gig-cdn}
      """)
    try folder.write(
      "gig.csv",
      """
      stream,sourceStream,label.stage,label.note,start,stop
      stage-a,cam-01,1,'=1+1,,
      stage-b,,2,{{x}},2099-12-05T18:00:00+01:00,2099-12-05T23:00:00+01:00
      """)
    return folder
  }

  private static func open(_ body: (Folder, StandIns, BucketServer) async throws -> Void) async throws {
    let storage = BucketServer(isThere: false)
    let socket = try storage.listen()
    let standIns = try await StandIns.start(StandInsConfiguration())
    let result: Result<Void, any Error>
    do {
      result = .success(try await body(try furnished(standIns.ports, socket), standIns, storage))
    } catch {
      result = .failure(error)
    }
    await standIns.stop()
    try result.get()
  }

  private static func work(_ folder: Folder) async throws {
    let worked = try await Command.run(["worker", "--once"], in: folder)
    #expect(worked.status == 0, "\(worked.errors)")
  }

  @Test("is written from the inventory when the sheet is gone, and applied again makes nothing twice")
  func again() async throws {
    try await Self.open { folder, standIns, storage in
      let applied = try await Command.run(["apply", "gig.csv", "--profile", "./eu.yaml"], in: folder)
      #expect(applied.status == 0, "\(applied.errors)")
      try await Self.work(folder)
      let first = try await Command.run(["jobs", "list", "--json"], in: folder).json(Listed.self).jobs
      #expect(first.count == 6)

      let exported = try await Command.run(["export"], in: folder)
      #expect(exported.status == 0, "\(exported.errors)")
      let lines = exported.output.split(separator: "\n").map(String.init)
      let heading = "stream,engine,region,application,sourceStream,start,stop,entryName,credential,bucket,"
      #expect(lines[0].hasPrefix(heading), "\(lines[0])")
      #expect(lines[0].hasSuffix("label.note,label.stage,playbackURL,state,verifiedAt,manifest"), "\(lines[0])")
      #expect(
        lines.count == 3 && lines[1].hasPrefix("stage-a,fra1,eu-central-1,live,cam-01,,,stage-a-s3,push,gig-live,"))
      #expect(lines[2].contains("stage-b,2099-12-05T17:00:00Z,2099-12-05T22:00:00Z,"), "\(lines[2])")
      #expect(
        lines[1].contains(",'=1+1,1,http") && lines[1].contains("/live/cam-01/playlist.m3u8,present,"), "\(lines[1])")
      let described = try await Command.run(["export", "gig.csv", "--profile", "./eu.yaml"], in: folder)
      #expect(described.output == exported.output, "\(described.errors)")
      let one = try await Command.run(["export", "-l", "stage=2", "-o", "json"], in: folder).json(Document.self)
      #expect(one.kind == "Onboarding" && one.metadata["name"] == "gig" && one.spec.streams.map(\.name) == ["stage-b"])
      #expect(one.spec.streams[0].status["playbackURL"]?.hasSuffix("/live/stage-b/playlist.m3u8") == true)

      // Nothing but the export is left: neither the profile nor what the sheet said.
      try folder.write("gig.csv", exported.output)
      try folder.write("gig.yaml", try await Command.run(["export", "-o", "yaml"], in: folder).output)
      for file in ["gig.csv", "gig.yaml"] {
        let before = try await Command.run(["jobs", "list", "--json"], in: folder).json(Listed.self).jobs.count
        let again = try await Command.run(["apply", file, "--json"], in: folder)
        #expect(again.status == 0 && !again.output.contains("\"differs\""), "\(again.errors)")
        let jobs = try await Command.run(["jobs", "list", "--json"], in: folder).json(Listed.self).jobs
        let added = jobs.prefix(jobs.count - before)
        #expect(Set(added) == Set(first.filter { !$0.kind.contains("able-map-entry") }), "\(file)")
        try await Self.work(folder)
      }
      let counts = try JSONDecoder().decode(Counts.self, from: Data(try await standIns.control("GET", "/counts").utf8))
      #expect(counts.engines["fra1"]?.created == 2 && counts.video.createdTargets == 1)
      #expect(await storage.calls.filter { $0 == "PUT " }.count == 1)
      let cells = try await Command.run(["export"], in: folder).output
      #expect(cells.replacing(/[^,]+Z,gig\n/, with: "") == exported.output.replacing(/[^,]+Z,gig\n/, with: ""))
    }
  }

  @Test(
    "of renditions has a row for each, and a plan of it finds nothing to change", arguments: ["csv", "yaml", "json"])
  func renditions(format: String) async throws {
    try await EventVenue.open { venue in
      try venue.folder.write(
        "cup.yaml",
        """
        apiVersion: rundown/v1
        kind: Onboarding
        metadata: {name: cup, labels: {event: cup}}
        spec:
          groups: [{name: all, generate: {name: "cam-{n}", from: 1, to: 2}, renditions: ["", _720p, _360p]}]
          streams: [{name: final, start: "2097-12-05T18:00:00Z"}]
        """)
      #expect(try await venue.run(["apply", "cup.yaml", "--profile", "house.yaml"]).status == 0)
      try await venue.work()
      let exported = try await venue.run(["export", "-l", "manifest=cup", "-o", format])
      #expect(exported.status == 0, "\(exported.errors)")
      for name in ["cam-1", "cam-1_720p", "cam-2_360p", "final"] { #expect(exported.output.contains(name)) }
      try FileManager.default.createDirectory(
        atPath: "\(venue.folder.path)/again", withIntermediateDirectories: false)
      try venue.folder.write("again/cup.\(format)", exported.output)
      let plan = try await venue.run(["plan", "again/cup.\(format)", "--detailed-exitcode"])
      #expect(plan.status == 0, "\(plan.output) \(plan.errors)")
      #expect(plan.output.contains("nothing to change: 9 unchanged, 1 under way"), "\(plan.output)")
      let applied = try await venue.run(["apply", "again/cup.\(format)"])
      #expect(applied.status == 0 && !applied.errors.contains("different"), "\(applied.errors)")
      try await venue.work()
      let after = try await venue.run(["plan", "cup.yaml", "--profile", "house.yaml", "--detailed-exitcode"])
      #expect(after.status == 0, "\(after.output)")
    }
  }

  @Test("of nothing says so: an inventory that is empty, and labels that no stream has")
  func empty() async throws {
    let folder = try Folder()
    let without = try await Command.run(["export"], in: folder)
    #expect(without.status == 7 && without.errors.contains("error[no-such-store]"), "\(without.errors)")
    try folder.write(
      "gig.csv", "stream,engine,region,bucket,bucket.connection,credential\na,e,eu-central-1,gig-live,m,p\n")
    let none = try await Command.run(["export", "gig.csv", "-l", "stage=2"], in: folder)
    #expect(none.status == 7 && none.errors.contains("error[RD0422]"), "\(none.errors)")
    let one = try await Command.run(["export", "-f", "gig.csv", "-o", "yaml"], in: folder)
    #expect(one.status == 0 && one.output.contains("    - name: a\n      engine: e\n"), "\(one.output)")
    #expect(!folder.exists("rundown.db"))
    #expect(try await Command.run(["export", "gig.csv", "-f", "gig.csv"], in: folder).status == 2)
  }
}
