import HTTPTransport
import JobQueue
import WowzaVideoClient

/// What a list means that cannot be read as a whole: nothing is concluded from it, and no attempt is burnt.
struct WholeList: Sendable {
  private static let checkpoint = "list-incomplete-since"

  let context: JobContext

  /// What `look` finds in the list. One that contradicts itself may heal, so it is read again for a while.
  /// - Throws: a snooze, and when that does not help a hold, with the reason.
  func look<Found>(_ look: () async throws -> Found) async throws -> Found {
    let missing = MissingSince(checkpoint: Self.checkpoint, context: context)
    do {
      let found = try await look()
      try await missing.clear()
      return found
    } catch let error as ProviderError where error.code == ListFailure.incomplete {
      let why = "\(error.operation): \(error.message)"
      if let pause = try await missing.pause() {
        throw Verdict.snooze(for: pause, why: why + "; trying again soon")
      }
      throw Verdict.hold(why: Self.held(why))
    } catch let error as ProviderError where error.code == ListFailure.tooLong {
      throw Verdict.hold(why: Self.held("\(error.operation): \(error.message)"))
    }
  }

  private static func held(_ why: String) -> String {
    why + "; nothing is created while the list may be incomplete. Retry the job once the account lists everything"
  }
}
