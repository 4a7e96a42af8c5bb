import HTTPTransport
import JobQueue
import WowzaVideoClient

/// A live stream that was made a moment ago may not be seen everywhere yet.
struct NewLiveStream {
  let id: String
  let context: JobContext

  /// What `call` says of the stream. While the service does not know it, the job looks again, as it does for a new bucket.
  func whenSeen<Value>(_ call: () async throws -> Value) async throws -> Value {
    let missing = MissingSince(checkpoint: "live-stream-missing-since", context: context)
    do {
      let value = try await call()
      try await missing.clear()
      return value
    } catch let error as ProviderError where error.isFromProvider && [404, 410].contains(error.status) {
      if let pause = try await missing.pause() {
        throw Verdict.snooze(for: pause, why: "live stream \(id) was made and cannot be seen yet")
      }
      throw Verdict.dead(
        Failure(
          code: "vanished", message: "live stream \(id) was made and is gone: somebody removed it",
          hint: "enqueue the job again to have another one made"))
    }
  }
}
