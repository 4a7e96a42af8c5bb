import JobQueue
import JobQueueTestKit
import Testing

/// The third shape of its parameters: `host` was `server` in the first, `port` came with the second, as text.
private struct Publish: JobParameters, Equatable {
  static let kind = "publish"
  static let queue = "engine"
  static let version = 3
  static let policy = JobPolicy(retry: RetryPolicy(base: .seconds(1), factor: 2, cap: .seconds(9), maxAttempts: 5))
  var host: String
  var port: Int
  var uniqueKey: String? { "publish:\(host)" }

  func validate() -> [ParameterIssue] {
    host.isEmpty ? [ParameterIssue(field: "host", message: "is empty")] : []
  }

  static func upcast(_ payload: JSONValue, from version: Int) throws -> JSONValue {
    var payload = payload
    switch version {
    case 1:
      payload["host"] = payload["server"]
      payload["server"] = nil
      payload["port"] = .string("1935")
    case 2:
      guard case .string(let port)? = payload["port"], let number = Int64(port) else { return payload }
      payload["port"] = .int(number)
    default: throw PayloadError.noUpcaster(kind: kind, from: version)
    }
    return payload
  }
}

private struct Publisher: JobHandler {
  func run(_ parameters: Publish, context: JobContext) async throws -> [String: Int] {
    [parameters.host: parameters.port]
  }
}

private struct Plain: JobParameters {
  static let kind = "plain"
  static let queue = "default"
}

@Suite("Typed jobs")
struct TypedJobTests {
  @Test("stored parameters of every older version are brought up step by step")
  func upcasting() throws {
    let expected = Publish(host: "a", port: 1935)
    #expect(try Publish.decode(payload: #"{"server":"a"}"#, version: 1) == expected)
    #expect(try Publish.decode(payload: #"{"host":"a","port":"1935"}"#, version: 2) == expected)
    #expect(try Publish.decode(payload: #"{"host":"a","port":1935}"#, version: 3) == expected)
  }

  @Test("parameters of a newer version, of one too old or of another shape say so")
  func unreadable() {
    #expect(throws: PayloadError.newerVersion(kind: "publish", stored: 4, known: 3)) {
      try Publish.decode(payload: "{}", version: 4)
    }
    #expect(throws: PayloadError.noUpcaster(kind: "publish", from: 0)) {
      try Publish.decode(payload: "{}", version: 0)
    }
    for payload in ["", "[]", #"{"host":7,"port":1935}"#, #"{"host":"a"}"#] {
      #expect {
        try Publish.decode(payload: payload, version: 3)
      } throws: { error in
        guard case PayloadError.malformed(kind: "publish", _) = error else { return false }
        return true
      }
    }
  }

  @Test("typed parameters are enqueued with their queue, key, version and policy")
  func enqueue() async throws {
    let given = Given()
    let queue = JobQueue(store: given.store, clock: given.clock)
    let receipt = try await queue.enqueue(
      Publish(host: "a", port: 1), EnqueueOptions(priority: 3, labels: ["show": "news"]))
    let job = try #require(try await given.store.jobs(JobQuery()).first)
    #expect(receipt == EnqueueReceipt(id: job.id, state: .ready, alreadyPresent: false))
    #expect(job.kind == "publish" && job.queue == "engine" && job.payloadVersion == 3)
    #expect(job.payload == #"{"host":"a","port":1}"#)
    #expect(job.uniqueKey == "publish:a")
    #expect(job.maxAttempts == 5)
    #expect(job.priority == 3 && job.labels == ["show": "news"])
    #expect(try await queue.enqueue(Publish(host: "a", port: 2)).alreadyPresent)
  }

  @Test("parameters that are wrong never reach the store")
  func invalid() async throws {
    let given = Given()
    let queue = JobQueue(store: given.store, clock: given.clock)
    let issues = [ParameterIssue(field: "host", message: "is empty")]
    await #expect(throws: InvalidParameters(kind: "publish", issues: issues)) {
      try await queue.enqueue(Publish(host: "", port: 1))
    }
    #expect(try await given.store.jobs(JobQuery()).isEmpty)
  }

  @Test("a registered handler decodes, runs and encodes; an unknown kind has none")
  func registry() async throws {
    let given = Given()
    var registry = HandlerRegistry()
    registry.register(Publisher())
    #expect(registry.queues == ["engine"])
    #expect(registry["plain"] == nil)
    let entry = try #require(registry["publish"])
    #expect(entry.policy == Publish.policy)
    _ = try await given.enqueue(NewJob(kind: "publish", payload: #"{"server":"a"}"#, payloadVersion: 1))
    let context = given.context(try #require(try await given.lease()))
    #expect(try await entry.run(context) == #"{"a":1935}"#)
    #expect(
      entry.classify(Unexpected(what: "x")) == .retry(Failure(code: "error", message: "\(Unexpected(what: "x"))")))
  }

  @Test("parameters that say nothing of themselves take the standard")
  func defaults() throws {
    #expect(Plain.version == 1)
    #expect(Plain().uniqueKey == nil)
    #expect(Plain().validate().isEmpty)
    #expect(try Plain().newJob().maxAttempts == 12)
    #expect(throws: PayloadError.noUpcaster(kind: "plain", from: 0)) { try Plain.decode(payload: "{}", version: 0) }
  }

  @Test("any JSON comes back as it was", arguments: [#"{"a":[1,2.5,"x",true,null,{}],"b":-9007199254740993}"#, "[]"])
  func json(text: String) throws {
    #expect(try JSONText.encode(JSONText.decode(JSONValue.self, from: text)) == text)
  }
}
