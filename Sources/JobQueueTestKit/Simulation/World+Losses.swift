import JobQueue
import Threading

/// What a caller knows about a verb of the store, and what really happened.
struct Told<Answer: Sendable>: Sendable {
  /// What the store answered; nil if the verb was not done.
  let answer: Answer?
  /// Whether the caller got that answer. Otherwise it knows nothing, not even whether the verb was done.
  let isKnown: Bool
}

extension World {
  /// Calls a verb of the store; now and then the answer gets lost on its way, before the commit or after it.
  /// - Parameters:
  ///   - odds: one of this many answers is lost; 0 for none.
  func call<Answer: Sendable>(
    lost odds: Int = 20, _ verb: (any JobStore) async throws -> Answer
  ) async throws -> Told<Answer> {
    guard !isCalm, odds > 0, random.chance(1, in: odds) else {
      return Told(answer: try await verb(store), isKnown: true)
    }
    let loss = loss()
    let kept = MutexBox<Answer?>(nil)
    let lossy = LossyStore(
      store, onCommit: { answer in kept.withLock { $0 = answer as? Answer } }, losing: { _ in loss })
    do {
      return Told(answer: try await verb(lossy), isKnown: true)
    } catch let error as JobStoreError where error.code == .outcomeUnknown {
      let answer = kept.withLock { $0 }
      log("an answer is lost: it was \(answer == nil ? "not " : "")done")
      if answer != nil { summary.lostAnswers += 1 }
      return Told(answer: answer, isKnown: false)
    }
  }

  func loss() -> LossyStore.Loss { random.chance(2, in: 3) ? .afterCommit : .beforeCommit }
}
