import Manifests
import Settings
import Testing

@Suite("What is wrong with a manifest")
struct ManifestErrorTests {
  /// A spec begins in line 6, two columns in.
  @Test(
    "is reported with its code, its place and what to do",
    arguments: [
      ("streams: [{name: a}]\ngruops: []", ["RD0105 cup.yaml:7:3"], #"did you mean "groups"?"#),
      ("streams: [{name: a, target: {entryname: x}}]", ["RD0105 cup.yaml:6:32"], #"did you mean "entryName"?"#),
      ("streams: [{name: a, bucket: {publicRead: maybe}}]", ["RD0405 cup.yaml:6:44"], "is not yes or no"),
      ("streams: [{name: a, target: {kind: s3hls}}]", ["RD0405 cup.yaml:6:38"], #"did you mean "s3-hls"?"#),
      ("streams: [{name: a, target: {kind: rtmp}}]", ["RD0411 cup.yaml:6:38"], "no job kind creates targets"),
      ("streams: [{name: a}, {name: a}]", ["RD0407 cup.yaml:6:31"], "merge: true to change"),
      ("streams: [{name: a}, {name: other, merge: true, application: x}]", ["RD0408 cup.yaml:6:31"], "remove merge"),
      ("groups: [{name: g, generate: {name: x, from: 1, to: 2}}]", ["RD0407 cup.yaml:6:39"], "use {n}"),
      ("groups: [{name: g, generate: {name: 'x{n}', from: 2, to: 1}}]", ["RD0203 cup.yaml:6:60"], "count up"),
      ("groups: [{name: g, generate: {name: 'x{m}', from: 1, to: 2}}]", ["RD0203 cup.yaml:6:39"], "known: {n}"),
      ("groups: [{name: g}]", ["RD0410 cup.yaml:6:12"], "generate or fromCSV"),
      (
        "groups: [{name: g, generate: {name: 'x{n}', from: 1, to: 2}, exclude: [x3]}]", ["RD0408 cup.yaml:6:74"],
        #"did you mean "x1"?"#
      ),
      ("groups: [{name: g, fromCSV: no.csv}]", ["RD0111 cup.yaml:6:31"], "the manifest's folder"),
      ("streams: []", ["RD0410 cup.yaml:5:3"], "no streams"),
      ("engines: {fra2: {}}\nstreams: [{name: a}]", ["RD0408 cup.yaml:5:61"], #"did you mean "fra2"?"#),
      ("regions: {us: {}}\nstreams: [{name: a, region: uk}]", ["RD0408 cup.yaml:7:31"], #"did you mean "us"?"#),
      ("streams: [{name: a, sourceStream: '{straem}'}]", ["RD0203 cup.yaml:6:37"], "{stream}"),
      ("streams: [{name: a, application: a/b}]", ["RD0405 cup.yaml:6:36"], "contains '/'"),
      (
        "streams: [{name: a, bucket: {objectOwnership: BucketOwnerEnforced}}]", ["RD0414 cup.yaml:6:49"], "ObjectWriter"
      ),
      (
        "streams: [{name: a, bucket: {blockPublicAccess: yes}}]", ["RD0414 cup.yaml:6:51"],
        "leave blockPublicAccess out"
      ),
      ("streams: [{name: a, renditions: [x], abr: {group: g}}]", ["RD0405 cup.yaml:6:35"], "not both"),
      (
        "streams: [{name: a, bucket: {publicRead: yes}}, {name: b, bucket: {publicRead: no}}]",
        ["RD0413 cup.yaml:6:82"], "cup.yaml:6:44"
      ),
      ("streams: [{name: a}]\nrollout: {waves: [rest, 5]}", ["RD0405 cup.yaml:7:27"], "put rest last"),
      (
        "streams: [{name: a}]\nrollout: {window: {not: ['2026-11-21T13:00/2026-11-21T12:00 Europe/Berlin']}}",
        ["RD0406 cup.yaml:7:28"], "ends before it starts"
      ),
      (
        "streams: [{name: a}]\nrollout: {window: {not: ['2026-11-21T13:00/2026-11-21T23:00 Europe/Berlim']}}",
        ["RD0406 cup.yaml:7:28"], #"did you mean "Europe/Berlin"?"#
      ),
    ])
  func places(spec: String, places: [String], words: String) {
    let found = ManifestGiven.diagnostics { _ = try ManifestGiven.expand(spec) }
    #expect(found.map { "\($0.code) \($0.location.map { "\($0)" } ?? "-")" } == places)
    let told = found.map { $0.rendered() }.joined(separator: "\n")
    #expect(told.contains(words), "\(told)")
  }

  @Test("two entries with the same name are reported once, with how many streams would get it")
  func sameEntry() {
    let found = ManifestGiven.diagnostics {
      _ = try ManifestGiven.expand(
        """
        groups:
          - {name: g, generate: {name: "pitch-{n:03}", from: 1, to: 80}, target: {entryName: "{region}-s3"}}
        """)
    }
    #expect(found.map(\.code) == ["RD0412"])
    #expect(found.first?.label == "gives \"eu-central-1-s3\" for 80 streams (first: pitch-001, pitch-002)")
    #expect(found.first?.notes == ["entryName must be unique within engine fra1 / application live"])
    #expect(found.first?.sourceLine?.contains("entryName: \"{region}-s3\"") == true)
  }

  @Test("everything is reported at once, and what many streams share only once")
  func allAtOnce() {
    let problems = ManifestGiven.problems {
      _ = try ManifestGiven.expand(
        """
        groups:
          - {name: g, target: {kind: pull}, generate: {name: "p{n}", from: 1, to: 80}}
        streams:
          - {name: a, application: ".."}
          - {name: b, target: {kind: pull}}
        """)
    }
    #expect(problems == ["RD0411 cup.yaml:7:32", "RD0405 cup.yaml:9:30", "RD0411 cup.yaml:10:32"])
  }

  @Test("a document of another kind, none, two or too many are reported")
  func documents() {
    let head = "apiVersion: rundown/v1\nkind: "
    #expect(ManifestGiven.problems { _ = try ManifestGiven.whole("") } == ["RD0410 -"])
    #expect(ManifestGiven.problems { _ = try ManifestGiven.whole("\(head)Jobs\n") } == ["RD0107 cup.yaml:2:7"])
    let one = "\(head)Onboarding\nmetadata: {name: a}\nspec: {streams: [{name: a}]}\n"
    #expect(
      ManifestGiven.problems { _ = try ManifestGiven.expandWhole("\(one)---\n\(one)") }.first == "RD0407 cup.yaml:6:1")
    let many = String(repeating: "---\na: 1\n", count: 101)
    #expect(ManifestGiven.problems { _ = try ManifestGiven.whole(many) } == ["RD0103 cup.yaml:201:1"])
    let laughs = "a: &a [x, x]\nb: [*a, *a]\n"
    #expect(ManifestGiven.problems { _ = try ManifestGiven.whole(laughs) }.map { $0.prefix(6) } == ["RD0104"])
  }

  @Test("more than 10,000 streams are refused, from one generate and from two")
  func tooMany() {
    func group(_ name: String, _ count: Int) -> String {
      "  - {name: \(name), generate: {name: \"\(name){n}\", from: 1, to: \(count)}}\n"
    }
    #expect(
      ManifestGiven.problems { _ = try ManifestGiven.expand("groups:\n" + group("a", 10_001)) }.first?.prefix(6)
        == "RD0203")
    #expect(
      ManifestGiven.problems { _ = try ManifestGiven.expand("groups:\n" + group("a", 6000) + group("b", 6000)) }.map {
        $0.prefix(6)
      } == ["RD0404"])
  }

  @Test("texts that explode when their names are filled in are refused")
  func explosion() {
    let text = String(repeating: "{manifest}", count: 100)
    let problems = ManifestGiven.problems {
      _ = try ManifestGiven.whole(
        """
        apiVersion: rundown/v1
        kind: Onboarding
        metadata: {name: \(String(repeating: "x", count: 500))}
        spec: {streams: [{name: a, engine: e, region: eu-central-1, bucket: b, application: "\(text)"}]}
        """
      ).expanded(known: ManifestGiven.known, now: Given.now)
    }
    #expect(problems.contains { $0.hasPrefix("RD0203") })
  }
}
