import HTTPTransport
import JobQueue
import Testing

@testable import StreamingJobs

/// One row of a table: what came back, and what it means.
struct Row: Sendable, CustomTestStringConvertible {
  var status: Int?
  var code: String?
  var delivery = Delivery.refused
  var retryAfter: Duration?
  var means: Meaning

  enum Meaning: Sendable, Equatable {
    case dead
    case retry(requested: Duration? = nil)
    case wait(Duration)
    case hold
  }

  var testDescription: String { "\(status.map(String.init) ?? "-") \(code ?? "-") \(delivery.rawValue)" }

  /// What the classifier makes of this row of a provider.
  func verdict(of provider: String) -> Verdict {
    FailureClassifier.classify(
      ProviderError(
        provider: provider, operation: "POST things", target: "thing-1", status: status, code: code,
        message: "the provider's words", delivery: delivery, retryAfter: retryAfter, hint: "the way out"))
  }
}

extension Verdict {
  var meaning: Row.Meaning {
    switch self {
    case .dead: .dead
    case .retry(_, let requested): .retry(requested: requested)
    case .snooze(let duration, _): .wait(duration)
    case .closeGate(let closure): .wait(closure.requested ?? closure.base)
    case .hold: .hold
    }
  }
}

@Suite("Each answer of a provider means one thing for a job")
struct FailureTableTests {
  @Test(
    "the Streaming Engine, row by row",
    arguments: [
      Row(status: 400, means: .dead),
      Row(status: 401, code: "401", means: .wait(.seconds(60))),
      Row(status: 403, means: .wait(.seconds(60))),
      Row(status: 404, code: "404", means: .dead),
      Row(status: 408, delivery: .unknown, means: .retry()),
      Row(status: 409, code: "409", means: .retry()),
      Row(status: 429, means: .wait(.seconds(30))),
      Row(status: 429, retryAfter: .seconds(7), means: .wait(.seconds(7))),
      Row(status: 500, delivery: .unknown, means: .retry()),
      Row(status: 502, delivery: .unknown, means: .retry()),
      Row(status: 503, means: .wait(.seconds(10))),
      // Success that says success: false, or that nobody can read.
      Row(status: 200, means: .retry()),
      Row(status: 201, code: "undecodable-answer", delivery: .unknown, means: .retry()),
    ])
  func engine(_ row: Row) {
    #expect(row.verdict(of: "wowza-engine").meaning == row.means)
  }

  @Test(
    "Wowza Video, row by row",
    arguments: [
      Row(status: 401, code: "ERR-401-ExpiredToken", means: .wait(.seconds(60))),
      Row(status: 401, code: "ERR-401-InvalidToken", means: .wait(.seconds(60))),
      Row(status: 401, code: "ERR-401-NoApiKey", means: .wait(.seconds(60))),
      Row(status: 401, code: "ERR-401-NoAccessKey", means: .wait(.seconds(60))),
      Row(status: 401, code: "ERR-401-InvalidApiKey", means: .wait(.seconds(60))),
      Row(status: 401, code: "ERR-401-InvalidAccessKey", means: .wait(.seconds(60))),
      Row(status: 401, code: "ERR-401-InvalidKeyLength", means: .wait(.seconds(60))),
      Row(status: 401, code: "ERR-401-InvalidSignature", means: .retry()),
      Row(status: 401, code: "ERR-401-BadAccountStatus", means: .wait(.seconds(300))),
      Row(status: 401, code: "ERR-401-TrialExceeded", means: .wait(.seconds(300))),
      Row(status: 401, code: "ERR-401-FeatureNotEnabled", means: .dead),
      Row(status: 403, code: "ERR-403-RecordUnaccessible", means: .dead),
      Row(status: 404, code: "ERR-404-RecordNotFound", means: .dead),
      Row(status: 410, code: "ERR-410-RecordDeleted", means: .dead),
      Row(status: 422, code: "ERR-422-RecordInvalid", means: .dead),
      Row(status: 422, code: "ERR-422-InvalidStateChange", means: .wait(.seconds(5))),
      Row(status: 422, code: "ERR-422-NotAvailable", means: .wait(.seconds(15))),
      // The provider tells no code for these.
      Row(status: 409, means: .wait(.seconds(600))),
      Row(status: 429, means: .wait(.seconds(30))),
      Row(status: 429, retryAfter: .seconds(7), means: .wait(.seconds(7))),
      Row(status: 503, means: .wait(.seconds(10))),
      Row(status: 500, delivery: .unknown, means: .retry()),
      Row(status: 504, delivery: .unknown, means: .retry()),
      Row(status: 200, code: "incomplete-list", means: .retry()),
      Row(status: 201, code: "undecodable-answer", delivery: .unknown, means: .retry()),
      // A call that the connection's version does not have: a person changes the connection.
      Row(code: "unsupported-version", delivery: .notSent, means: .hold),
    ])
  func video(_ row: Row) {
    #expect(row.verdict(of: "wowza-video").meaning == row.means)
  }

  @Test(
    "what never reached a provider, at either of the two",
    arguments: ["wowza-engine", "wowza-video"],
    [
      // Nobody was reached: the host's matter, not the job's.
      Row(code: "connect", delivery: .notSent, means: .wait(.seconds(5))),
      Row(code: "connect-timeout", delivery: .notSent, means: .wait(.seconds(5))),
      Row(code: "name-resolution", delivery: .notSent, means: .wait(.seconds(5))),
      Row(code: "tls", delivery: .notSent, means: .wait(.seconds(5))),
      // The secret's source has a bad moment: one change there mends it for all jobs.
      Row(code: "no-credentials", delivery: .notSent, means: .wait(.seconds(60))),
      Row(code: "invalid-request", delivery: .notSent, means: .dead),
      // Sent, and nobody knows: the job's own look decides.
      Row(code: "connection-lost", delivery: .unknown, means: .retry()),
      Row(code: "timeout", delivery: .unknown, means: .retry()),
    ])
  func transport(_ provider: String, _ row: Row) {
    #expect(row.verdict(of: provider).meaning == row.means)
  }

  @Test("a failure keeps the provider's code, the operation, the target and the hint")
  func failure() {
    let row = Row(status: 422, code: "ERR-422-RecordInvalid", means: .dead)
    #expect(
      row.verdict(of: "wowza-video")
        == .dead(
          Failure(
            code: "ERR-422-RecordInvalid", message: "POST things thing-1: 422 the provider's words",
            hint: "the way out")))
  }

  @Test("a wait tells the person who looks what is to be done about it")
  func waitReason() {
    let row = Row(status: 401, code: "ERR-401-ExpiredToken", means: .wait(.seconds(60)))
    guard case .snooze(_, let why) = row.verdict(of: "wowza-video") else {
      Issue.record("no wait")
      return
    }
    #expect(why.contains("POST things thing-1") && why.contains("token") && why.contains("the way out"))
  }

  @Test("a connection that is not configured waits for a person")
  func missingConnection() {
    let error = MissingConnection(kind: .wowzaVideo, name: "main", known: ["spare"])
    guard case .hold(let why) = FailureClassifier.classify(error) else {
      Issue.record("not held")
      return
    }
    #expect(why.contains("'main'") && why.contains("spare"))
  }
}
