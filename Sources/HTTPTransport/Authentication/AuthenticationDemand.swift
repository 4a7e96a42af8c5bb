import FoundationEssentials
import Secrets

/// What a server demands before it answers.
enum AuthenticationDemand: Sendable, Hashable {
  /// It answers everybody.
  case nothing
  case basic
  case digest(DigestChallenge)

  /// Whether the server calls the nonce stale, and so the credentials right.
  var isStale: Bool {
    if case .digest(let challenge) = self { challenge.isStale } else { false }
  }

  /// The demand in an answer to a request without credentials; nil if it shows none: a gateway's error, or a scheme
  /// that may not or cannot be used.
  init?(_ response: HTTPResponse, allowed scheme: HTTPAuthentication.Scheme) {
    switch response.status {
    case 401:
      let challenges = HTTPChallenge.all(of: response)
      let digests = challenges.compactMap { DigestChallenge($0) }
      if let strongest = digests.max(by: { $0.algorithm.strength < $1.algorithm.strength }) {
        self = .digest(strongest)
      } else if scheme == .negotiate, challenges.contains(where: { $0.scheme == "basic" }) {
        self = .basic
      } else {
        return nil
      }
    case 200..<300, 404, 405: self = .nothing
    default: return nil
    }
  }
}

/// What the server of one connection demands, learned once and kept: every later request carries its credentials at
/// once.
///
/// All clients of a connection share one.
public actor AuthenticationMemory {
  private(set) var demand: AuthenticationDemand?
  private var isLearning = false
  private var uses = 0
  private var waiting: [Int: CheckedContinuation<Void, Never>] = [:]
  private var nextWaiter = 0

  /// Creates an empty memory.
  public init() {}

  /// What is known; nil if the caller must find out and call ``learned(_:)``. Other callers wait for that.
  /// - Throws: `CancellationError` if the task is cancelled first.
  func claim() async throws -> AuthenticationDemand? {
    while true {
      try Task.checkCancellation()
      if let demand { return demand }
      if !isLearning {
        isLearning = true
        return nil
      }
      await wait()
    }
  }

  /// Keeps the result; nil if it could not be found out.
  func learned(_ new: AuthenticationDemand?) {
    demand = new
    uses = 0
    isLearning = false
    for waiter in waiting.values { waiter.resume() }
    waiting = [:]
  }

  /// Replaces what is known, if it is still what the caller used.
  func replace(_ old: AuthenticationDemand, with new: AuthenticationDemand?) {
    guard demand == old else { return }
    demand = new
    uses = 0
  }

  /// How often a challenge's nonce was used, including this time. A challenge that is no longer the newest belongs to
  /// its caller alone.
  func use(_ challenge: DigestChallenge) -> Int {
    guard demand == .digest(challenge) else { return 1 }
    uses += 1
    return uses
  }

  private func wait() async {
    let number = nextWaiter
    nextWaiter += 1
    await withTaskCancellationHandler {
      await withCheckedContinuation { waiting[number] = $0 }
    } onCancel: {
      // A cancellation handler cannot wait for the actor.
      Task { await self.letGo(number) }
    }
  }

  private func letGo(_ number: Int) {
    waiting.removeValue(forKey: number)?.resume()
  }
}
