import CCurl
import Glibc
import Threading

/// The inbox of the thread that drives libcurl, and that thread's life cycle.
///
/// Any task puts transfers in; only ``CurlLoop`` takes them out. The thread starts with the first transfer, so a
/// transport that is never used loads nothing.
final class CurlEngine: Sendable {
  /// What the loop finds when it looks.
  struct Mail {
    var arrivals: [Transfer] = []
    var cancellations: [Transfer] = []
    var isStopping = false
  }

  private struct Inbox: Sendable {
    var arrivals: [Transfer] = []
    var cancellations: [Transfer] = []
    var isStopping = false
    var multi: MultiHandle?
    var thread: pthread_t?
  }

  /// libcurl's multi handle.
  ///
  /// @unchecked Sendable, proof: only the engine's thread uses it, except for `curl_multi_wakeup`, which libcurl allows
  /// from any thread and which is called under the inbox's lock while the inbox still holds the handle.
  struct MultiHandle: @unchecked Sendable {
    let pointer: UnsafeMutableRawPointer
  }

  let configuration: CurlTransport.Configuration
  private let inbox = MutexBox(Inbox())

  init(_ configuration: CurlTransport.Configuration) {
    self.configuration = configuration
  }

  /// The result of submitting a transfer.
  enum Admission {
    case accepted
    case alreadyCancelled
    case unavailable(cause: String)
  }

  /// Passes a transfer to the thread, which resumes its continuation exactly once; if it is not accepted, the caller
  /// does that.
  func submit(_ transfer: Transfer, _ continuation: CheckedContinuation<TransferEnd, Never>) -> Admission {
    inbox.withLock { inbox in
      if transfer.isCancelled { return .alreadyCancelled }
      if inbox.isStopping { return .unavailable(cause: "the HTTP client has been shut down") }
      if inbox.multi == nil, let problem = start(&inbox) { return .unavailable(cause: problem) }
      transfer.isAccepted = true
      transfer.continuation = continuation
      inbox.arrivals.append(transfer)
      Self.wake(inbox)
      return .accepted
    }
  }

  /// Requests the end of a transfer; may be called before the transfer is submitted and after it has ended.
  func cancel(_ transfer: Transfer) {
    inbox.withLock { inbox in
      transfer.isCancelled = true
      guard transfer.isAccepted, inbox.multi != nil else { return }
      inbox.cancellations.append(transfer)
      Self.wake(inbox)
    }
  }

  /// Ends all transfers and accepts no new ones. Returns the thread to wait for, to the first caller only.
  func stop() -> pthread_t? {
    inbox.withLock { inbox in
      inbox.isStopping = true
      Self.wake(inbox)
      defer { inbox.thread = nil }
      return inbox.thread
    }
  }

  /// Everything submitted since the last look. Once it has returned `isStopping`, nothing more arrives and nobody wakes
  /// the handle, so the loop may destroy it.
  func collect() -> Mail {
    inbox.withLock { inbox in
      defer {
        inbox.arrivals.removeAll(keepingCapacity: true)
        inbox.cancellations.removeAll(keepingCapacity: true)
        if inbox.isStopping { inbox.multi = nil }
      }
      return Mail(
        arrivals: inbox.arrivals, cancellations: inbox.cancellations, isStopping: inbox.isStopping)
    }
  }

  private static func wake(_ inbox: Inbox) {
    if let multi = inbox.multi { _ = ccurl_multi_wakeup(multi.pointer) }
  }

  /// Loads libcurl and starts the thread. Returns the problem, or nil if there is none.
  private func start(_ inbox: inout Inbox) -> String? {
    if let problem = ccurl_load() {
      return "cannot use libcurl: \(String(cString: problem)); install it (Debian: apt install libcurl4)"
    }
    guard let pointer = ccurl_multi_init() else { return "libcurl is out of memory" }
    let multi = MultiHandle(pointer: pointer)
    do {
      inbox.thread = try DedicatedThread.startJoinable { CurlLoop(multi: multi.pointer, engine: self).run() }
    } catch {
      ccurl_multi_cleanup(pointer)
      return "cannot start a thread for libcurl: \(error)"
    }
    inbox.multi = multi
    return nil
  }
}
