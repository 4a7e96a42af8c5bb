import HTTPTransport
import JobQueue
import WowzaVideoClient

/// What it means if a list cannot be read completely: nothing is concluded from it, and no attempt is used up.
struct WholeList: Sendable {
  private static let checkpoint = "list-incomplete-since"

  let context: JobContext

  /// Runs `look` on the list. A list that contradicts itself may recover, so it is read again for a while.
  /// - Throws: a snooze and, if that does not help, a hold with the reason.
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
