import Manifests
import Settings
import Testing

@Suite("What is wrong with a file of jobs")
struct JobFileErrorTests {
  /// The first two lines of each file are apiVersion and kind, so its own text begins at line 3.
  @Test(
    "is reported with its code and its place",
    arguments: [
      ("jobs: 7", ["RD0106 3:7"], "jobs must be a list"),
      ("job: []", ["RD0105 3:1", "RD0108 1:1"], #"did you mean "jobs"?"#),
      ("jobs: [\n", ["RD0101 4:1"], "not valid YAML"),
      ("jobs: []\njobs: []", ["RD0102 4:1"], "duplicate key"),
      ("jobs:\n- name: a", ["RD0108 4:3"], #"a job needs "kind""#),
      ("jobs:\n- kind: create-map-enrty", ["RD0202 4:9"], #"did you mean "create-map-entry"?"#),
      ("jobs:\n- kind: bake-a-cake", ["RD0202 4:9"], "known kinds: create-bucket-config"),
      ("jobs:\n- {kind: create-bucket-config, whith: {}}", ["RD0105 4:32", "RD0108 4:3", "RD0108 4:3"], #""with"?"#),
      ("jobs:\n- kind: create-bucket-config", ["RD0108 4:3", "RD0108 4:3"], #"with needs "connection""#),
      (bucket("buket: eu-live"), ["RD0105 7:5"], #"did you mean "bucket"?"#),
      (bucket("bucket: EU"), ["RD0205 7:13"], "bucket: "),
      (bucket("bucket: [a]"), ["RD0106 7:13"], "must be text, not a list"),
      (bucket("bucket: eu-live\n    publicRead: maybe"), ["RD0205 8:17"], "is not true or false"),
      (bucket("bucket: eu-live\n    abortIncompleteDays: soon"), ["RD0205 8:26"], "not a whole number"),
      (bucket("bucket: eu-live\n    abortIncompleteDays: 0"), ["RD0205 8:26"], "between 1 and 3650"),
      (bucket("bucket: eu-live\n    ownership: me"), ["RD0205 8:16"], "use one of ObjectWriter"),
      (bucket("bucket: eu-live\n    tags: x"), ["RD0106 8:11"], "must be a mapping"),
      (bucket("bucket: null"), ["RD0108 7:13"], "no value"),
      (bucket("bucket:"), ["RD0108 7:12"], "no value"),
      (bucket("bucket: ''"), ["RD0106 7:13"], "must be text, not empty"),
      (bucket("bucket: eu-live\n  runAt: tomorrow"), ["RD0204 8:10"], "+10m"),
      (bucket("bucket: eu-live\n  runAt: 2026-12-05T20:15:00"), ["RD0204 8:10"], "has no offset from UTC"),
      (bucket("bucket: eu-live\n  priority: high"), ["RD0106 8:13"], "whole number"),
      (bucket("bucket: eu-live\n  maxAttempts: 0"), ["RD0106 8:16"], "at least 1"),
      (bucket("bucket: eu-live\n  after: bucke\n  name: bucket"), ["RD0207 8:10"], #"did you mean "bucket"?"#),
      (bucket("bucket: eu-live\n  after: me\n  name: me"), ["RD0208 8:10"], "cannot wait for itself"),
      (bucket("bucket: eu-live\n  after: -3"), ["RD0207 8:10"], "the number of a job that is already in the queue"),
      (
        "jobs: [{kind: restream-asset, generate: {stream: s, from: 2, to: 1}, with: {connection: m, assetID: a}}]",
        ["RD0203 3:66"], "count up"
      ),
      (
        "jobs: [{kind: restream-asset, generate: {stream: s, from: 1}, with: {connection: m, assetID: a}}]",
        ["RD0108 3:41"], #"needs "to""#
      ),
      (
        "jobs: [{kind: restream-asset, generate: {stream: '{m}', from: 1, to: 2}, with: {connection: m, assetID: a}}]",
        ["RD0203 3:50"], "known: {n}"
      ),
      (
        "jobs: [{kind: restream-asset, generate: {stream: '{n:x}', from: 1, to: 2}, with: {connection: m, assetID: a}}]",
        ["RD0203 3:50"], "{n:03}"
      ),
      (
        "jobs: [{kind: restream-asset, generate: {stream: '{n', from: 1, to: 2}, with: {connection: m, assetID: a}}]",
        ["RD0203 3:50"],
        "write {{ for a brace"
      ),
      ("defaults: {create-bucket: {}}\njobs: []", ["RD0105 3:12"], "create-bucket-config"),
      ("defaults: {restream-asset: {asset: a}}\njobs: []", ["RD0105 3:29"], "known keys: connection"),
    ])
  func places(text: String, places: [String], words: String) {
    let found = Given.file(text)
    #expect(Given.places(found) == places)
    let told = Given.diagnostics(found).map { $0.rendered() }.joined(separator: "\n")
    #expect(told.contains(words), "\(told)")
  }

  /// A job whose `with` goes on in line 7.
  private static func bucket(_ rest: String) -> String {
    "jobs:\n- kind: create-bucket-config\n  with:\n    connection: media\n    \(rest)"
  }

  @Test("are reported all at once, each once, even if a hundred generated jobs have them")
  func allAtOnce() {
    let found = Given.file(
      """
      jobs:
        - kind: restream-asset
          generate: {stream: s, from: 1, to: 100}
          with: {connection: main, assetID: "a-{n}", startTimeoutSeconds: 0}
        - kind: restream
        - kind: restream-asset
          after: [nobody]
          with: {connection: main, assetID: b}
      """)
    #expect(Given.places(found) == ["RD0205 6:69", "RD0202 7:11", "RD0207 9:13"])
  }

  @Test("a name that two jobs have is reported at the second")
  func sameName() {
    let job = "{name: a, kind: restream-asset, with: {connection: main, assetID: "
    let found = Given.file("jobs:\n- \(job) x}}\n- \(job) y}}")
    #expect(Given.places(found) == ["RD0206 5:10"])
  }

  @Test("two jobs with the same effect are reported at the second, which would otherwise vanish without a word")
  func sameEffect() {
    let found = Given.file(
      "jobs:\n- {kind: restream-asset, with: {connection: main, assetID: x}}\n"
        + "- {kind: restream-asset, with: {connection: main, assetID: x}}")
    #expect(Given.places(found) == ["RD0211 5:3"])
    #expect(Given.diagnostics(found).first?.help?.contains("cup.yaml:4:3") == true)
  }

  @Test("a parent that comes after its child is reported, so there is no cycle")
  func order() {
    let found = Given.file(
      """
      jobs:
        - {name: a, after: b, kind: restream-asset, with: {connection: main, assetID: x}}
        - {name: b, after: a, kind: restream-asset, with: {connection: main, assetID: y}}
      """)
    #expect(Given.places(found) == ["RD0208 4:22"])
  }

  @Test("more than 10,000 jobs are refused, never cut: from one generate, from two, and from lines")
  func tooMany() {
    let more = JobFileTests.generated(upTo: 5000).replacing("jobs:\n", with: "").replacing("asset-", with: "other-")
    #expect(Given.places(Given.file(JobFileTests.generated(upTo: 10_001))) == ["RD0203 5:42"])
    #expect(Given.places(Given.file(JobFileTests.generated(upTo: 5001, more: more))) == ["RD0209 7:5"])
    let lines = (1...10_001).map {
      #"{"kind":"restream-asset","with":{"connection":"main","assetID":"a\#($0)"}}"#
    }
    #expect(Given.places(Given.lines(lines.joined(separator: "\n"))) == ["RD0209 10001:1"])
  }

  @Test("a file that is empty, of another kind or version says which is wanted")
  func head() {
    #expect(Given.places(Given.whole("")) == ["RD0201 -"])
    #expect(Given.places(Given.whole("jobs: []")) == ["RD0108 1:1", "RD0108 1:1"])
    #expect(
      Given.places(Given.whole("apiVersion: rundown/v2\nkind: Config\njobs: []")) == ["RD0107 1:13", "RD0107 2:7"])
  }

  @Test("a line that is not a job is reported with its number; the others are not used either")
  func badLine() {
    let found = Given.diagnostics(
      Given.lines(#"{"kind":"restream-asset","with":{"connection":"m","assetID":"x"}}"# + "\n\n{"))
    #expect(found.map(\.code) == ["RD0101"])
    #expect(found.first?.location == SourceLocation(file: "standard input", line: 3, column: 2))
  }

  @Test("aliases, deep nesting and more than a mebibyte are refused before they cost anything")
  func bombs() {
    let laughs = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n"
    #expect(Given.places(Given.whole(laughs)).map { $0.prefix(6) } == ["RD0104"])
    let deep = String(repeating: "[", count: 60) + String(repeating: "]", count: 60)
    #expect(Given.places(Given.file("jobs: \(deep)")).map { $0.prefix(6) } == ["RD0103"])
    // The place at which it becomes too large.
    #expect(Given.places(Given.file("# " + String(repeating: "x", count: 1 << 20))) == ["RD0103 3:1048543"])
  }

  @Test("in every layer is reported at once: invalid YAML, keys, values, parameters and missing names")
  func everyLayer() {
    let found = Given.file(
      """
      jobs:
        - kind: restream-asset
          with: {connection: main, assetID: [a, b}
        - kind: create-bucket-config
          with: {connection: media, bucket: EU, region: eu-central-1, publicRead: maybe}
        - kind: create-fastly-target
          runAt: tomorrow
          with: {connection: main, buket: eu-live, region: eu-centrl-1}
        - kind: restream-asset
          generate: {stream: s, from: 2, to: 1}
          with: {connection: main, startTimeoutSeconds: 0}
        - kind: restream-asset
          with: {connection: main, assetID: @a}
        - kind: restream-asset
          after: [opening]
          with: {assetID: "c"}
      """)
    let places = Given.places(found)
    #expect(places.filter { $0.hasPrefix("RD0101") }.count == 2, "\(places)")
    for place in [
      "RD0205 7:39", "RD0205 7:77", "RD0204 9:12", "RD0105 10:30", "RD0205 10:54", "RD0203 12:40", "RD0205 13:51",
      "RD0108 18:11",
    ] { #expect(places.contains(place), "\(place) in \(places)") }
    // The name may be that of a job which could not be read; and a slip in a key is told once, not as missing too.
    #expect(!places.contains { $0.hasPrefix("RD0207") } && places.filter { $0.hasPrefix("RD0108") }.count == 1)
  }

  @Test("lines that are not JSON do not hide what is wrong with the others")
  func everyLine() {
    let found = Given.lines(
      #"{"kind":"restream"}"# + "\n{'kind': 1}\n"
        + #"{"kind":"restream-asset","with":{"connection":"m","assetID":"a","startTimeoutSeconds":0}}"#)
    #expect(
      Given.places(found).map { String($0.prefix(8)) } == ["RD0101 2", "RD0202 1", "RD0205 3"], "\(Given.places(found))"
    )
  }

  @Test("errors hide neither warnings nor the connections that are named")
  func besides() {
    let found = Given.file(
      "jobs:\n- {kind: restream, runAt: +1h}\n"
        + "- {kind: restream-asset, runAt: '2001-01-01T00:00:00Z', with: {connection: main, assetID: x}}")
    guard case .failure(let problems) = found else {
      Issue.record("it was taken")
      return
    }
    #expect(problems.warnings.map(\.code) == ["RD0213"])
    #expect(problems.connections.map(\.name) == ["main"])
  }

  @Test(
    "a configuration is recognised, and said how to give",
    arguments: [
      "apiVersion: rundown/v1\nconnections: {aws: {media: {}}}\n", "database: x.db\n",
      "apiVersion: rundown/v1\nkind: Config\n", #"{"apiVersion": "rundown/v1", "connections": {}}"#,
    ])
  func configuration(text: String) {
    let found = Given.whole(text)
    #expect(Given.places(found) == ["RD0216 1:1"])
    #expect(Given.diagnostics(found).first?.help?.contains("--config cup.yaml") == true)
  }

  @Test("for two jobs of one name, the error says what to do: use a template with generate, another name without")
  func names() {
    let job = "{name: a, kind: restream-asset, with: {connection: main, assetID: "
    let plain = Given.diagnostics(Given.file("jobs:\n- \(job) x}}\n- \(job) y}}"))
    #expect(plain.map(\.help) == ["rename one of them"])
    let generated = Given.diagnostics(
      Given.file(
        "jobs:\n- {name: a, kind: restream-asset, generate: {stream: 's-{n}', from: 1, to: 2},"
          + " with: {connection: main, assetID: '{stream}'}}"))
    #expect(generated.map(\.help) == ["use {n} or {stream} in the name"])
  }
}
