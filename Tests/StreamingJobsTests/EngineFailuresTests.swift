import HTTPTransport
import JobQueue
import Secrets
import Testing

@testable import StreamingJobs

/// What a row of a table is to give.
enum Kind: Equatable {
  case retry
  case snooze(Int)
  case hold
  case dead

  init(_ verdict: Verdict) {
    switch verdict {
    case .retry: self = .retry
    case .snooze(let duration, _): self = .snooze(Int(duration.components.seconds))
    case .hold: self = .hold
    case .dead: self = .dead
    }
  }
}

@Suite("What an answer of the engine or of Wowza Video means for a job")
struct EngineFailuresTests {
  private func error(
    _ provider: String, _ status: Int?, _ code: String? = nil, delivery: Delivery = .refused, after: Duration? = nil
  ) -> ProviderError {
    ProviderError(
      provider: provider, operation: "POST things", target: "thing-1", status: status, code: code, message: "its words",
      requestID: "r-1", delivery: delivery, retryAfter: after, hint: "a hint")
  }

  @Test(
    "the engine's statuses, row by row",
    arguments: [
      (nil, .retry), (200, .retry), (400, .dead), (401, .snooze(60)), (403, .snooze(60)), (404, .dead), (405, .dead),
      (408, .retry), (409, .retry), (415, .dead), (429, .snooze(30)), (500, .retry), (502, .retry), (503, .snooze(10)),
      (504, .retry),
    ] as [(Int?, Kind)])
  func engine(status: Int?, kind: Kind) {
    #expect(Kind(FailureClassifier.classify(error("wowza-engine", status, delivery: .unknown))) == kind)
  }

  @Test(
    "Wowza Video's statuses without a known code, row by row",
    arguments: [
      (nil, .retry), (201, .retry), (400, .dead), (401, .snooze(60)), (403, .dead), (404, .dead), (408, .retry),
      (409, .snooze(600)), (410, .dead), (422, .dead), (429, .snooze(30)), (500, .retry), (502, .retry),
      (503, .snooze(10)), (504, .retry),
    ] as [(Int?, Kind)])
  func videoStatus(status: Int?, kind: Kind) {
    #expect(Kind(FailureClassifier.classify(error("wowza-video", status, delivery: .unknown))) == kind)
  }

  @Test(
    "Wowza Video's codes, row by row",
    arguments: [
      ("ERR-401-NoApiKey", .snooze(60)), ("ERR-401-NoAccessKey", .snooze(60)), ("ERR-401-InvalidApiKey", .snooze(60)),
      ("ERR-401-InvalidAccessKey", .snooze(60)), ("ERR-401-InvalidKeyLength", .snooze(60)),
      ("ERR-401-InvalidSignature", .retry), ("ERR-401-ExpiredToken", .snooze(60)),
      ("ERR-401-InvalidToken", .snooze(60)), ("ERR-401-BadAccountStatus", .snooze(300)),
      ("ERR-401-TrialExceeded", .snooze(300)), ("ERR-401-FeatureNotEnabled", .dead),
      ("ERR-403-RecordUnaccessible", .dead), ("ERR-404-RecordNotFound", .dead), ("ERR-410-RecordDeleted", .dead),
      ("ERR-422-RecordInvalid", .dead), ("ERR-422-InvalidStateChange", .snooze(5)),
      ("ERR-422-NotAvailable", .snooze(15)),
    ] as [(String, Kind)])
  func videoCode(code: String, kind: Kind) throws {
    let status = try #require(Int(code.split(separator: "-")[1]))
    #expect(Kind(FailureClassifier.classify(error("wowza-video", status, code))) == kind)
  }

  @Test("nobody who was reached: no attempt is burnt", arguments: ["wowza-engine", "wowza-video", "s3"])
  func unreachable(provider: String) {
    for code in ["connect", "connect-timeout", "name-resolution", "tls"] {
      #expect(Kind(FailureClassifier.classify(error(provider, nil, code, delivery: .notSent))) == .snooze(5), "\(code)")
    }
    // A connection that broke while the request was under way is another matter.
    #expect(Kind(FailureClassifier.classify(error(provider, nil, "connect", delivery: .unknown))) == .retry)
  }

  @Test("credentials that cannot be had burn no attempt", arguments: ["wowza-engine", "wowza-video"])
  func noCredentials(provider: String) {
    #expect(Kind(FailureClassifier.classify(error(provider, nil, "no-credentials", delivery: .notSent))) == .snooze(60))
  }

  @Test("a request that can never be sent ends the job", arguments: ["wowza-engine", "wowza-video"])
  func neverSent(provider: String) {
    #expect(Kind(FailureClassifier.classify(error(provider, nil, "invalid-request", delivery: .notSent))) == .dead)
  }

  @Test("a connection that speaks too old a version holds the job")
  func unsupportedVersion() {
    let error = error("wowza-video", nil, "unsupported-version", delivery: .notSent)
    #expect(Kind(FailureClassifier.classify(error)) == .hold)
  }

  @Test("when to come back is what the provider said, wherever the job waits for it")
  func retryAfter() {
    for provider in ["wowza-engine", "wowza-video"] {
      for status in [429, 503] {
        let verdict = FailureClassifier.classify(error(provider, status, after: .seconds(77)))
        #expect(Kind(verdict) == .snooze(77), "\(provider) \(status)")
      }
      guard case .retry(_, let requested) = FailureClassifier.classify(error(provider, 500, after: .seconds(77))) else {
        Issue.record("\(provider) 500 is no retry")
        return
      }
      #expect(requested == .seconds(77))
    }
  }

  @Test("a failure keeps the code, the status, what was asked of whom, the hint and the request's id")
  func failure() {
    guard case .dead(let failure) = FailureClassifier.classify(error("wowza-video", 422, "ERR-422-RecordInvalid"))
    else {
      Issue.record("not dead")
      return
    }
    #expect(failure.code == "ERR-422-RecordInvalid")
    #expect(failure.message == "POST things thing-1: 422 its words")
    #expect(failure.hint == "a hint" && failure.requestID == "r-1")
    #expect(error("wowza-engine", 404).failure.code == "http-404")
  }

  @Test("a connection that is not configured holds the job and says where it belongs")
  func missingConnection() {
    let error = MissingConnection(kind: .wowzaVideo, name: "main", known: ["other"])
    guard case .hold(let why) = FailureClassifier.classify(error) else {
      Issue.record("not held")
      return
    }
    #expect(why.contains("'main'") && why.contains("connections.wowzaVideo") && why.contains("other"))
  }

  @Test("a secret that cannot be read burns no attempt; any other error does")
  func others() {
    let secret = SecretError(code: .missing, reference: "file:/k", cause: "it is gone", hint: "put it there")
    #expect(Kind(FailureClassifier.classify(secret)) == .snooze(60))
    #expect(Kind(FailureClassifier.classify(CancellationError())) == .retry)
    let claimed = JobStoreError(code: .claimed, operation: "write", target: "job 1", cause: "another job's")
    #expect(Kind(FailureClassifier.classify(claimed)) == .retry)
  }

  @Test("only a request that reached nobody or was refused surely did nothing")
  func certainty() {
    #expect(error("wowza-video", 502, delivery: .unknown).mayHaveTakenEffect)
    #expect(!error("wowza-video", 422, delivery: .refused).mayHaveTakenEffect)
    #expect(!error("wowza-video", nil, delivery: .notSent).mayHaveTakenEffect)
  }
}
