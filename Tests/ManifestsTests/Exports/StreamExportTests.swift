import JobQueue
import Manifests
import Settings
import StreamingJobs
import Testing
import Wire

@Suite("An export of streams")
struct StreamExportTests {
  private static let everything = """
    regions:
      eu: {awsRegion: eu-central-1, cdnOrigin: asia}
    groups:
      - name: many
        engine: fra1
        region: eu
        generate: {name: "cam-{n:02}", from: 1, to: 3}
        renditions: ["", _720p]
        labels: {tier: "a {{b}}", odd: "x;y,\\"z\\""}
        enabled: no
        streamName: "{stream}-out"
        target:
          entryName: "=e{{{stream}}}"
          profile: other
          options: {http.relativePlaylists: false, cloudstorage.transportDebug: true}
        onExisting: {mapEntry: replace}
        bucket:
          name: many-eu
          objectOwnership: BucketOwnerPreferred
          publicRead: true
          blockPublicAccess: false
          cors:
            origins: ["https://a.example", "https://b.example"]
            methods: [GET]
            allowedHeaders: ["*"]
            exposedHeaders: [ETag]
          lifecycle: {abortIncompleteMultipartDays: 3}
          tags: {team: a=b, house: c}
          skipUnsupported: true
        cdn:
          kind: wowza-cdn
          name: cdn-{bucket}-x
          forceSSL: true
          originURL: "https://{bucket}.example"
          allowSameOrigin: true
    streams:
      - name: "#1"
        awsRegion: us-west-2
        bucket: par-live
        abr: {group: g, matcher: namePrefix, childProfile: child}
      - {name: timed, start: "2099-12-05T18:00", stop: "2099-12-05T23:30", timezone: Europe/Berlin}
    """

  /// What is asked for: keys, payloads and moments.
  private static func asked(_ expansion: Expansion) -> Set<String> {
    Set(
      expansion.jobs.map { job in
        "\(job.kind) \(job.uniqueKey ?? "") \(job.payload) \(job.runAt.map { "\($0.milliseconds)" } ?? "")"
      })
  }

  private static func cell(_ text: String) -> String {
    "\"" + FormulaGuard.added(to: text).replacing("\"", with: "\"\"") + "\""
  }

  @Test("asks for the same things under the same keys, as a sheet, as YAML and as JSON, without any file beside it")
  func same() throws {
    let expansion = try ManifestGiven.expand(Self.everything)
    let resources = expansion.resources.map { resource in
      var resource = resource
      // What a rollout and a batch put on jobs is not the stream's, and would be taken for a person's when applied again.
      resource.job.labels[ManifestLabel.wave] = "2"
      resource.job.labels[Blackout.label] = "2026-11-21T12:00:00Z/2026-11-21T22:00:00Z"
      resource.job.labels[Batch.label] = "20261128-113247"
      return resource
    }
    let export = StreamExport(resources.compactMap { ExportedResource($0, of: expansion.name, item: nil) })
    #expect(export.streams.count == 8 && export.manifests == ["cup"])
    let sheet = export.rows.map { $0.map(Self.cell).joined(separator: ",") + "\n" }.joined()
    let document = export.document(named: "cup")
    let manifests = [
      try Manifest.sheet(Array(sheet.utf8), file: "cup.csv", name: "cup"),
      try Manifest.read(YAMLText.text(document), file: "cup.yaml", ManifestGiven.sources()),
      try Manifest.read(try JSONText.encode(document), file: "cup.json", ManifestGiven.sources()),
    ]
    for manifest in manifests {
      let again = try manifest.expanded(known: [:], now: Given.now)
      #expect(Self.asked(again) == Self.asked(expansion))
      #expect(again.streams.map(\.labels).contains(["event": "cup", "tier": "a {b}", "odd": "x;y,\"z\""]))
    }
  }

  @Test("has every field that a job is made of: those that are left out say nothing to a job, or name what others say")
  func fields() throws {
    let expansion = try ManifestGiven.expand(Self.everything)
    let export = StreamExport(expansion.resources.compactMap { ExportedResource($0, of: expansion.name, item: nil) })
    let known = Set(export.streams.flatMap(\.values.keys))
    let missing = ManifestField.all.filter { !$0.isLater && !known.contains($0.path) }.map(\.path)
    #expect(
      missing == [
        "awsRegion", "renditions", "timezone", "target.kind", "cdn.scope", "onExisting.bucket", "onExisting.cdnTarget",
        "labels",
      ])
  }

  @Test("keeps a stream's status apart: readers ignore it, whatever it contains")
  func told() throws {
    let sheet = "stream,playbackURL,State,verified_at,manifest\na,\"x\ny\",present,soon,other\n"
    let profile = try Profile.read(
      """
      apiVersion: rundown/v1
      kind: Profile
      name: p
      engine: fra1
      region: eu-central-1
      bucket: live-eu
      """, file: "p.yaml")
    let manifest = try Manifest.sheet(Array(sheet.utf8), file: "cup.csv", name: "cup", profile: profile)
    #expect(try manifest.expanded(known: ManifestGiven.known, now: Given.now).streams.map(\.name) == ["a"])
    let status = "streams: [{name: a, status: {playbackURL: x, anything: [1]}}]"
    #expect(try ManifestGiven.expand(status).streams.map(\.name) == ["a"])
  }

  @Test("written as YAML is text to every reader, whatever it looks like")
  func yaml() throws {
    let words = [
      "no", "null", "~", "1", "a: b", "- x", "#c", "\"q\"", "\\", "tab\tnew\nline", "\u{85}\u{2028}", "é…", "@x",
    ]
    let value = JSONValue.object([
      "name": .string("x"), "list": .array(words.map { .string($0) }),
      "map": .object(Dictionary(words.map { ($0, .string($0)) }, uniquingKeysWith: { first, _ in first })),
      "rows": .array([.object(["a": .array([]), "b": .object([:]), "c": .int(1)]), .object(["d": .bool(true)])]),
    ])
    let document = try YAMLDocument(text: YAMLText.text(value), file: "x.yaml")
    var reader = YAMLReader(document)
    let entries = Dictionary(
      reader.mapping(try #require(document.root), "x"), uniquingKeysWith: { first, _ in first })
    guard case .sequence(let list)? = entries["list"]?.content, case .mapping(let pairs)? = entries["map"]?.content
    else {
      Issue.record("the lists are not there")
      return
    }
    #expect(list.compactMap(\.text) == words)
    #expect(Set(pairs.map { $0.key.text ?? "" }) == Set(words) && pairs.allSatisfy { $0.key.text == $0.value.text })
    #expect(reader.diagnostics.isEmpty)
  }
}
