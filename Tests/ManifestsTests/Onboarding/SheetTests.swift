import JobQueue
import Manifests
import Settings
import StreamingJobs
import Testing

@Suite("A sheet of streams")
struct SheetTests {
  private static func profile() throws -> Profile {
    try Profile.read(
      """
      apiVersion: rundown/v1
      kind: Profile
      name: s3-hls-eu
      engine: fra1
      region: eu-central-1
      bucket: gig-live
      defaults: {target: {entryName: "{stream}-gig"}, application: gig, labels: {house: eu}}
      """, file: "profiles/s3-hls-eu.yaml")
  }

  private static func expand(_ sheet: String) throws -> Expansion {
    try Manifest.sheet(Array(sheet.utf8), file: "gig.csv", name: "gig", profile: try profile())
      .expanded(known: ManifestGiven.known, now: Given.now)
  }

  @Test("and a profile are a whole manifest: a row is a stream, an empty cell inherits, labels are columns")
  func alone() throws {
    let expansion = try Self.expand(
      """
      Stream;Source Stream;target.profile;label.venue;engine
      # what it is called;where it comes from;;;
      stage-a;;;Hall 1;
      stage-b;stage-b-backup;other;'=1;fra2
      """)
    #expect(expansion.name == "gig")
    let entries = try expansion.entries()
    #expect(entries.map(\.entryName) == ["stage-a-gig", "stage-b-gig"])
    #expect(entries.map(\.sourceStream) == ["stage-a", "stage-b-backup"])
    #expect(entries.map(\.engine) == ["fra1", "fra2"])
    #expect(entries.map(\.profile) == [nil, "other"])
    #expect(expansion.streams.map(\.labels) == [["house": "eu", "venue": "Hall 1"], ["house": "eu", "venue": "=1"]])
    #expect(expansion.jobs.compactMap { $0.labels["manifest"] } == ["gig", "gig", "gig"])
  }

  @Test("an error of a formula is refused in every column, and a row that begins with one is not a comment")
  func formulaErrors() {
    let found = ManifestGiven.diagnostics {
      _ = try Self.expand("stream,source stream,label.venue\n#REF!,x,\nstage-a,#NAME?,\n#no stream,,\nstage-b,,#N/A\n")
    }
    #expect(
      found.map { "\($0.code) \($0.location.map { "\($0.line):\($0.column)" } ?? "-")" } == [
        "RD0405 2:1", "RD0405 3:9", "RD0405 5:10",
      ])
    #expect(found.allSatisfy { $0.message.contains("is an error of the spreadsheet") })
  }

  @Test("all errors are reported at once, with row and column")
  func errors() {
    let found = ManifestGiven.diagnostics {
      _ = try Self.expand(
        """
        stream,engin,enabled,application,start
        a,,perhaps,,
        ,,yes,,
        "b",,,"x
        y",05.12.2026 18:00
        a,,,,,more
        """)
    }
    #expect(
      found.map { "\($0.code) \($0.location.map { "\($0.line):\($0.column)" } ?? "-")" } == [
        "RD0403 1:8", "RD0405 2:4", "RD0403 3:1", "RD0405 4:7", "RD0405 5:4", "RD0403 6:7", "RD0407 6:1",
      ])
    #expect(found[0].help == "did you mean \"engine\"?")
    #expect(found[1].message == "row 2, column enabled: 'perhaps' is not yes or no")
    #expect(found[4].message == "row 4, column start: '05.12.2026 18:00' is not a valid time")
    #expect(found[6].message == "row 5, column stream: \"a\" is already in row 2")
  }

  @Test(
    "errors in its heading, its cells and its times are reported in one round, without any that only follow from them")
  func oneRound() {
    let found = ManifestGiven.problems {
      _ = try Manifest.sheet(
        Array(
          """
          stream,engine,buckte,region,start,venue
          a,fra1,live,eu-central-1,2027-06-05T18:00,Hall 1
          b,,live,eu-central-1,,
          """.utf8), file: "gig.csv", name: "gig"
      ).expanded(known: ManifestGiven.known, now: Given.now)
    }
    // The bucket is not missed: its column is misspelt.
    #expect(
      found == ["RD0403 gig.csv:1:15", "RD0403 gig.csv:1:35", "RD0406 gig.csv:2:26", "RD0410 gig.csv:3:1"], "\(found)")
  }

  @Test("without a heading, rows or a column stream it is none; a line that may hold a secret is not shown")
  func headings() {
    func problems(_ sheet: String) -> [String] { ManifestGiven.problems { _ = try Self.expand(sheet) } }
    #expect(problems("") == ["RD0403 -"])
    #expect(problems("stream\n") == ["RD0403 gig.csv:1:1"])
    #expect(problems("engine\nfra1\n") == ["RD0403 gig.csv:1:1"])
    #expect(problems("stream,stream\na,b\n") == ["RD0403 gig.csv:1:8"])
    let found = ManifestGiven.diagnostics { _ = try Self.expand("stream,password,enabled\na,hunter2,maybe\n") }
    #expect(found.map(\.code) == ["RD0403", "RD0405"])
    #expect(!found.map { $0.rendered() }.joined().contains("hunter2"))
  }

  @Test(
    "a start makes the entry disabled and a job that enables it then, a stop one that disables it; both read by zone")
  func times() throws {
    let expansion = try Self.expand(
      """
      stream,start,stop,timezone
      stage-a,2027-06-05T18:00,2027-06-06T01:30,Europe/Berlin
      stage-b,2027-06-05T18:00:00Z,,
      stage-c,,2027-06-05 18:00,America/Los_Angeles
      """)
    #expect(
      expansion.resources.map { "\($0.role.rawValue) \($0.name)" } == [
        "bucket gig-live", "mapEntry stage-a-gig", "enableMapEntry stage-a-gig", "disableMapEntry stage-a-gig",
        "mapEntry stage-b-gig", "enableMapEntry stage-b-gig", "mapEntry stage-c-gig", "disableMapEntry stage-c-gig",
      ])
    #expect(try expansion.entries().map(\.enabled) == [false, false, nil])
    let moments = expansion.jobs.compactMap(\.runAt).map(\.milliseconds)
    #expect(moments == [1_812_211_200_000, 1_812_238_200_000, 1_812_218_400_000, 1_812_243_600_000])
    // A start that comes after its stop would never be ended.
    #expect(expansion.jobs[2].payload.contains(#""notAfter":"2027-06-05T23:30:00Z""#), "\(expansion.jobs[2].payload)")
    #expect(!expansion.jobs[5].payload.contains("notAfter"))
    #expect(expansion.jobs.map(\.parents).suffix(2) == [[.batch(0)], [.batch(6)]])
    #expect(expansion.warnings.isEmpty)
  }

  @Test("times without a zone, of an unknown one, or that end before they begin are refused; odd ones are warned of")
  func wrongTimes() throws {
    let problems = ManifestGiven.problems {
      _ = try Self.expand(
        """
        stream,start,stop,timezone
        a,2027-06-05T18:00,,
        b,2027-06-05T18:00,,Europe/Berlim
        c,2027-06-05T18:00,2027-06-05T01:00,Europe/Berlin
        """)
    }
    #expect(problems == ["RD0406 gig.csv:2:3", "RD0406 gig.csv:3:21", "RD0406 gig.csv:4:20"])
    let odd = try Self.expand(
      """
      stream,start,timezone
      a,2027-03-28T02:30,Europe/Berlin
      b,2027-10-31T02:30,Europe/Berlin
      c,2020-01-01T00:00,UTC
      """)
    #expect(odd.warnings.map(\.code) == ["RD0417", "RD0417", "RD0213"])
    #expect(odd.warnings.allSatisfy { $0.severity == .warning && $0.sourceLine != nil })
    #expect(
      odd.jobs.compactMap(\.runAt).map(\.milliseconds) == [1_806_195_600_000, 1_824_942_600_000, 1_577_836_800_000])
  }

  @Test("of a show that is over nothing is enabled any more, and it is warned of once")
  func over() throws {
    let expansion = try Self.expand(
      """
      stream,start,stop,timezone
      past,2020-01-01T18:00,2020-01-01T23:00,UTC
      running,2020-01-01T18:00,2099-01-01T23:00,UTC
      """)
    #expect(
      expansion.resources.map { "\($0.role.rawValue) \($0.name)" } == [
        "bucket gig-live", "mapEntry past-gig", "disableMapEntry past-gig", "mapEntry running-gig",
        "enableMapEntry running-gig", "disableMapEntry running-gig",
      ])
    #expect(try expansion.entries().map(\.enabled) == [false, false])
    #expect(
      expansion.warnings.map { "\($0.code) \($0.message.prefix(18))" } == [
        "RD0213 stop is in the pas", "RD0213 start is in the pa",
      ])
  }

  @Test("errors in a profile are reported like those in a manifest")
  func profileErrors() {
    let problems = ManifestGiven.problems {
      _ = try Profile.read("apiVersion: rundown/v1\nkind: Profil\nbuket: x\n", file: "p.yaml")
    }
    #expect(problems == ["RD0108 p.yaml:1:1", "RD0107 p.yaml:2:7", "RD0105 p.yaml:3:1"])
  }
}
