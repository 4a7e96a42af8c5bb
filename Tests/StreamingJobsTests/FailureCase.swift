import HTTPTransport
import JobQueue
import TestServers
import Testing

@testable import StreamingJobs

/// Something that goes wrong over a real socket, and what the reference says it means.
struct FailureCase: Sendable, CustomTestStringConvertible {
  /// What it means for a job.
  enum Meaning: Sendable, Equatable {
    case gate(Duration, requested: Duration? = nil)
    case wait(Duration)
    case retry(requested: Duration? = nil)
    case series(requested: Duration? = nil)
    case hold
    case dead
  }

  /// The row that must decide.
  let row: String
  let testDescription: String
  /// The code that the error must carry; nil when the provider tells none.
  let code: String?
  let delivery: Delivery
  let means: Meaning
  /// What a person must be told.
  let says: [String]
  /// Makes it happen by way of the real client and transport.
  let provoke: @Sendable () async throws -> Void

  /// - Parameter by: how it is made to happen, for the test's name.
  init(
    _ row: String, by: String, code: String?, broke delivery: Delivery = .refused, _ means: Meaning,
    says: [String] = [],
    provoke: @escaping @Sendable () async throws -> Void
  ) {
    self.row = row
    testDescription = "\(row): \(by)"
    self.code = code
    self.delivery = delivery
    self.means = means
    self.says = says
    self.provoke = provoke
  }
}

extension Verdict {
  /// The verdict without its words.
  var meaning: FailureCase.Meaning {
    switch self {
    case .dead: .dead
    case .retry(_, let requested): .retry(requested: requested)
    case .suspectOutage(_, let closure):
      closure.closesAtOnce
        ? .gate(closure.base, requested: closure.requested) : .series(requested: closure.requested)
    case .snooze(let duration, _): .wait(duration)
    // No error's meaning: the engine throws it, and names a moment.
    case .waitForBudget: .wait(.zero)
    case .closeGate(let closure): .gate(closure.base, requested: closure.requested)
    case .hold: .hold
    // No error's meaning either.
    case .cancel: .dead
    }
  }

  /// The words.
  var words: String {
    switch self {
    case .suspectOutage(_, let closure) where closure.closesAtOnce: closure.why
    case .dead(let failure), .retry(let failure, _), .suspectOutage(let failure, _):
      "\(failure.message); \(failure.hint ?? "")"
    case .snooze(_, let why), .hold(let why), .cancel(let why): why
    case .waitForBudget(let wait): wait.key.resource
    case .closeGate(let closure): closure.why
    }
  }
}

/// Runs `body` with a transport of its own against a server that gives every request this answer.
func answering(_ answer: String, _ body: (CurlTransport, UInt16) async throws -> Void) async throws {
  let server = try AnswerServer(answer)
  let transport = CurlTransport(configuration: CurlTransport.Configuration(proxy: .none))
  defer {
    transport.shutdown()
    server.stop()
  }
  try await body(transport, server.port)
}
