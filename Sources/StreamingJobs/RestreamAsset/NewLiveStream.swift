import HTTPTransport
import JobQueue
import WowzaVideoClient

/// A live stream that was just created may not be visible everywhere yet.
struct NewLiveStream {
  let id: String
  let context: JobContext

  /// What `call` returns. While the service does not know the stream, the job looks again, as it does for a new bucket.
  func whenSeen<Value>(_ call: () async throws -> Value) async throws -> Value {
    let missing = MissingSince(checkpoint: "live-stream-missing-since", context: context)
    do {
      let value = try await call()
      try await missing.clear()
      return value
    } catch let error as ProviderError where error.isFromProvider && [404, 410].contains(error.status) {
      if let pause = try await missing.pause() {
        throw Verdict.snooze(for: pause, why: "live stream \(id) was created but is not visible yet")
      }
      throw Verdict.dead(
        Failure(
          code: "vanished", message: "live stream \(id) was created but is gone: someone removed it",
          hint: "enqueue the job again to create another one"))
    }
  }
}
