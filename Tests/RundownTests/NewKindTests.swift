import AWSClient
import ArgumentParser
import JobQueue
import JobQueueTestKit
import JobWorker
import Manifests
import StreamingJobs
import Testing
import WowzaEngineClient
import WowzaVideoClient

@testable import rundown

/// A kind that nothing but this file knows: its folder, so to speak.
private struct AnnounceShow: JobParameters, Hashable {
  static let kind = "announce-show"
  static let queue = "announcements"
  var connection: String
  var title: String
  var picture: String?
  var tone: String?
  var repeats: Int?
  var live: Bool?
  var channels: [String]?
  var credits: [String: String]?

  var uniqueKey: String? { "show:\(title)" }

  func validate() -> [ParameterIssue] {
    title == "?" ? [ParameterIssue(field: "title", message: "nobody knows that show", hint: "name another")] : []
  }
}

private struct AnnounceShowHandler: JobHandler {
  let roots: [String]

  func run(_ parameters: AnnounceShow, context: JobContext) async throws -> [String] { [parameters.title] + roots }
}

private enum AnnounceShowKind: JobKind {
  static let summary = "A show is announced."
  static let example = "rundown enqueue announce-show --connection main --title Evening"
  static let fields: [JobField] = [
    .required("connection", .connection(.wowzaVideo), "the account"), .required("title", "the show"),
    .optional("picture", .path, "a picture"),
    .optional("tone", .choice(["calm", "loud"]), "how it sounds", fallback: "calm"),
    .optional("repeats", .int, "how often", fallback: "1"), .optional("live", .bool, "whether it is live"),
    .optional("channels", .strings, "where"), .optional("credits", .stringMap, "who did what"),
  ]

  static func handler(_ resources: JobResources) -> AnnounceShowHandler {
    AnnounceShowHandler(roots: resources.uploadRoots)
  }
}

private struct NoClients: ClientDirectory {
  func engine(_ name: String) async throws -> WowzaEngineClient { throw missing(.engine, name) }
  func s3(_ name: String, region: String?) async throws -> S3Client { throw missing(.aws, name) }
  func wowzaVideo(_ name: String) async throws -> WowzaVideoClient { throw missing(.wowzaVideo, name) }
  func pushKey(_ name: String) async throws -> PushKey { throw missing(.pushCredential, name) }

  private func missing(_ kind: ConnectionKind, _ name: String) -> MissingConnection {
    MissingConnection(kind: kind, name: name, known: [])
  }
}

@Suite("A kind that is put into a list of kinds")
struct NewKindTests {
  private let kinds = JobKinds([AnnounceShowKind.self])

  private func parameters(_ words: [String]) throws -> any JobParameters {
    let command = try #require(kinds.all.first?.command).parseAsRoot(words)
    return try #require(command as? EnqueueKind<AnnounceShowKind>).flags.parameters()
  }

  private var all: AnnounceShow {
    AnnounceShow(
      connection: "main", title: "Evening", picture: "/a/b.png", tone: "loud", repeats: 3, live: false,
      channels: ["one", "two"], credits: ["host": "Ana", "guest": "Bo"])
  }

  @Test("has flags for its parameters, and leaves out what is not given")
  func flags() throws {
    #expect(kinds.all.map { $0.command._commandName } == ["announce-show"])
    let read = try parameters([
      "--connection", "main", "--title", "Evening", "--picture", "/a/b.png", "--tone", "loud", "--repeats", "3",
      "--live",
      "false", "--channels", "one", "--channels", "two", "--credits", "host=Ana", "--credits", "guest=Bo",
    ])
    #expect(read as? AnnounceShow == all)
    let least = try parameters(["--title", "Evening", "--connection", "main"])
    #expect(least as? AnnounceShow == AnnounceShow(connection: "main", title: "Evening"))
  }

  @Test("refuses flags that it does not have, lacks, or cannot read")
  func refused() throws {
    let enough = ["--connection", "main", "--title", "Evening"]
    let message = { (words: [String]) in
      #expect(throws: (any Error).self) { try parameters(words) }.map(EnqueueKind<AnnounceShowKind>.message) ?? ""
    }
    #expect(message(enough + ["--tune", "x"]).contains("Unknown option '--tune'"))
    // What is missing and what cannot be read come together, in the words of a file of jobs.
    let several = #expect(throws: InvalidParameters.self) {
      try parameters(["--connection", "main", "--repeats", "often"])
    }
    #expect(several?.issues.map(\.field) == ["title", "repeats"])
    #expect(several?.issues.last?.message == "'often' is not a whole number")
    let problem = #expect(throws: InvalidParameters.self) {
      try parameters(["--connection", "main", "--title", "?", "--tone", "shrill"])
    }
    #expect(problem?.kind == "announce-show")
    #expect(problem?.issues.map(\.field) == ["tone", "title"])
    #expect(problem?.issues.first?.hint == "use one of calm, loud")
  }

  @Test("has help from its own words")
  func help() throws {
    let help = EnqueueKind<AnnounceShowKind>.helpMessage(columns: 200)
    for words in [
      "A show is announced.", "rundown enqueue announce-show --connection main --title Evening", "--tone <tone>",
      "How it sounds. One of calm, loud. (default: calm)", "--run-at <run-at>",
    ] {
      #expect(help.contains(words), "\(words)")
    }
  }

  @Test("may stand in a file of jobs, with its connections, and nothing else may")
  func file() throws {
    let text = """
      apiVersion: rundown/v1
      kind: Jobs
      defaults: {announce-show: {connection: main}}
      jobs:
        - kind: announce-show
          with:
            title: Evening
            picture: b.png
            tone: loud
            repeats: 3
            live: no
            channels: [one, two]
            credits: {host: Ana, guest: Bo}
      """
    let now = VirtualClock().now()
    let file = try JobFile.read(text, file: "jobs.yaml", now: now, kinds: kinds) { "/a/\($0)" }.get()
    #expect(file.jobs.map(\.kind) == ["announce-show"] && file.jobs.map(\.queue) == ["announcements"])
    #expect(try AnnounceShow.decode(payload: file.jobs[0].payload, version: 1) == all)
    #expect(file.connections.map { "\($0.section) \($0.name)" } == ["wowzaVideo main"])
    let other = text.split(separator: "\n").joined(separator: "\n").replacing("announce-show", with: "restream-asset")
    #expect(throws: JobFileProblems.self) {
      try JobFile.read(other, file: "jobs.yaml", now: now, kinds: kinds) { $0 }.get()
    }
  }

  @Test("is run by a worker that has the list's registry")
  func registry() async throws {
    let clock = VirtualClock()
    let store = InMemoryJobStore(random: SeededRandom(seed: 1))
    let registry = kinds.registry(clients: NoClients(), queue: store, uploadRoots: ["/recordings"])
    #expect(registry.queues == ["announcements"] && kinds.queues == ["announcements"])
    let receipt = try await JobQueue(store: store, clock: clock).enqueue(all)
    let owner = WorkerID("w")
    let leased = try await store.lease(
      LeaseRequest(owner: owner, limits: [.init(queue: "announcements", count: 1)]), at: clock.now())
    let completion = try await AttemptRunner(store: store, registry: registry, clock: clock).run(
      try #require(leased.first))
    _ = try await store.complete([try #require(completion)], at: clock.now())
    let job = try await store.jobs(JobQuery(ids: [receipt.id])).first
    #expect(job?.state == .completed && job?.output == #"["Evening","/recordings"]"#)
  }
}

extension EnqueueKind {
  fileprivate static func message(_ error: any Error) -> String { fullMessage(for: error) }
}
