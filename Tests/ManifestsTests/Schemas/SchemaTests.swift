import FoundationEssentials
import JobQueue
import Manifests
import Settings
import Testing

@Suite("The JSON Schemas under config/schema")
struct SchemaTests {
  private static func text(_ path: String) throws -> String {
    String(decoding: try ManifestGiven.file(path), as: UTF8.self)
  }

  private static func problems(_ text: String, _ kind: String) throws -> [String] {
    let schema = try #require(JSONSchema.all().first { $0.kind == kind }).value
    return try YAMLDocument.documents(of: text, file: "x.yaml", limit: 9).flatMap {
      SchemaValidator(schema).problems(try #require($0.root).plainValue, schema)
    }
  }

  @Test("are what the readers know, in the repository as they are made now", arguments: JSONSchema.all().map(\.kind))
  func committed(kind: String) throws {
    let schema = try #require(JSONSchema.all().first { $0.kind == kind })
    let isSame = try Self.text("config/schema/\(schema.file)") == schema.text
    #expect(isSame, "rundown schema \(kind.lowercased()) > config/schema/\(schema.file)")
    #expect(try JSONText.decode(JSONValue.self, from: schema.text) == schema.value)
  }

  @Test(
    "take every sample, which names its own in its first line",
    arguments: [
      "config/rundown.yaml", "jobs/buckets.yaml", "jobs/event.yaml", "jobs/onboard-200.yaml", "jobs/onboarding.yaml",
      "jobs/restreams.yaml",
      "jobs/uploads.yaml",
    ])
  func samples(path: String) throws {
    let text = try Self.text(path)
    let kind = try #require(text.firstMatch(of: /(?m)^kind: ([A-Za-z]+)$/)).output.1
    let folder = path.hasPrefix("config/") ? "" : "../config/"
    let first = "# yaml-language-server: $schema=\(folder)schema/\(kind.lowercased())-v1.json\n"
    #expect(text.hasPrefix(first))
    #expect(try Self.problems(text, String(kind)) == [])
  }

  @Test("mark what a reader would refuse, and take what it takes")
  func marks() throws {
    let head = "apiVersion: rundown/v1\nkind: Onboarding\nmetadata: {name: x}\n"
    let good = """
      \(head)spec:
        defaults: {bucket: live-eu, cdn: none, target: {options: {http.relativePlaylists: yes, cloudstorage: {transportDebug: no}}}}
        groups: [{name: a, generate: {name: "a{n}", from: 0, to: 3}, exclude: [a1], renditions: ["", _720p], enabled: off}]
        streams: [{name: 7, merge: true, start: "2026-12-05T18:00", status: {state: present}}]
        rollout: {canary: 1, waves: [10, rest], stopOn: {failedPercent: 5}, window: {not: ["a/b Europe/Berlin"]}}
      ---
      apiVersion: rundown/v1
      kind: Connections
      connections:
        engines: {fra1: {url: "https://a", auth: digest, user: env:U, password: {credential: p}, limits: {requestsPerSecond: 5/s}}}
        wowzaVideo: {main: {token: {command: [op, read], ttl: 5}, limits: {liveStreams: 10/3h, requestsPerSecond: 7}}}
      """
    #expect(try Self.problems(good, "Onboarding") == [])
    for (wrong, place) in [
      ("defaults: {buckt: x}", ".spec.defaults.buckt is not known"),
      ("defaults: {enabled: maybe}", ".spec.defaults.enabled"),
      ("defaults: {target: {kind: srt}}", ".spec.defaults.target"),
      ("groups: [{engine: a}]", ".spec.groups[0] lacks name"),
      ("engines: {a: {engine: b}}", ".spec.engines.a.engine is not known"),
      ("defaults: {bucket: {lifecycle: {abortIncompleteMultipartDays: 0}}}", ".spec.defaults.bucket"),
    ] {
      let found = try Self.problems("\(head)spec: {\(wrong)}\n", "Onboarding")
      #expect(found.contains { $0.hasPrefix(place) }, "\(wrong): \(found)")
    }
    let config = "apiVersion: rundown/v1\nworker: {queues: {upload: 3}}\nconnections: {aws: {m: {source: default}}}\n"
    let found = try Self.problems(config, "Config")
    #expect(
      found.sorted() == [
        ".connections.aws.m.source: string(\"default\") is not known", ".worker.queues.upload is not known",
      ])
    let jobs =
      "apiVersion: rundown/v1\nkind: Jobs\njobs: [{kind: restream-asset, with: {assetid: a}}, {kind: restream}]\n"
    #expect(try Self.problems(jobs, "Jobs").count == 2)
    let profile =
      "apiVersion: rundown/v1\nkind: Profile\nname: p\nengine: e\nbucket: b\ndefaults: {application: live}\n"
    #expect(try Self.problems(profile, "Profile") == [])
  }
}
