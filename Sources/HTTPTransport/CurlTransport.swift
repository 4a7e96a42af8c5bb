import Glibc
import Secrets

/// The transport over libcurl, which it loads at the first request: connections are kept and reused, API calls use
/// HTTP/2 if a server offers it over TLS, bodies from files use HTTP/1.1.
///
/// Nothing is added to a request but `Host`, `Content-Length`, a `User-Agent`, the requested authentication and, for
/// bodies of 1 MiB and more from files, `Expect: 100-continue`; in particular no `Accept` and no `Content-Type`.
/// Redirects are returned as answers. A request that must not act twice (POST, PATCH, conditional writes and those with
/// ``HTTPRequest/actsOnce``) is never repeated, and uses a new connection, so that it cannot be lost with one that the
/// server closes while it is idle. If its connection dies, the error says ``Delivery/unknown``. Any other request is
/// repeated on a new connection if a kept one dies during it.
///
/// With ``HTTPAuthentication/Scheme/negotiate`` a request is first sent complete, without authorization, and again once
/// the server has refused it with 401. With ``HTTPAuthentication/Scheme/digest`` the first copy has no body; use it
/// only for servers that do ask, since another answer to that copy is all that is returned.
///
/// One dedicated thread drives all transfers of a transport, reading and writing their files; bulk uploads alongside
/// API calls should have a transport of their own. Call ``shutdown()`` before the process ends.
public final class CurlTransport: HTTPTransport {
  private let engine: CurlEngine
  private let clock = ContinuousClock()

  /// Creates a transport; nothing is loaded or opened before the first request.
  public init(configuration: Configuration = Configuration()) {
    engine = CurlEngine(configuration)
  }

  deinit {
    // The thread ends by itself; deinit must not wait, because any task may drop the last reference.
    if let thread = engine.stop() { pthread_detach(thread) }
  }

  /// Ends running transfers with ``HTTPTransportError/Code/unavailable``, closes the connections and waits for the
  /// thread. Later requests fail with the same code. May be called more than once; only the first call waits.
  public func shutdown() {
    if let thread = engine.stop() { pthread_join(thread, nil) }
  }

  /// Performs one exchange. Reports it to ``HTTPExchange/observer``, once, however it ends.
  public func send(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse {
    SentSecrets.current?.add(request.lastingSecrets, passing: request.passingSecrets)
    var end = await run(request)
    if end.isLostWithKeptConnection, Departure(request).isRepeatable {
      end = await run(request, needsNewConnection: true)
    }
    // libcurl does so by itself, but not if the server closes the connection with its refusal. 417 says that nothing
    // was done with the request.
    if end.isExpectationRefused, TransferOptions.asksFirst(request) { end = await run(request, mayAskFirst: false) }
    end.redact(by: SentSecrets.current?.redactor ?? request.redactor)
    notifyObserver(request, end)
    return try end.result.get()
  }

  private func run(
    _ request: HTTPRequest, needsNewConnection: Bool = false, mayAskFirst: Bool = true
  ) async -> TransferEnd {
    let started = clock.now
    let target = "\(request.method.shown) \(ShownURL(request.url))"
    func notSent(_ code: HTTPTransportError.Code, _ cause: String) -> TransferEnd {
      let error = HTTPTransportError(code: code, delivery: .notSent, target: target, cause: cause)
      return TransferEnd(
        result: .failure(error), metrics: HTTPMetrics(duration: started.duration(to: clock.now)))
    }

    if let problem = RequestCheck(request: request).problem() { return notSent(.invalidRequest, problem) }
    let transfer: Transfer
    do {
      transfer = try Transfer(
        request, target: target, started: started, needsNewConnection: needsNewConnection, mayAskFirst: mayAskFirst)
    } catch {
      return notSent(.file, error.cause)
    }
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        switch engine.submit(transfer, continuation) {
        case .accepted: break
        case .alreadyCancelled:
          transfer.dropDownload()
          continuation.resume(returning: notSent(.cancelled, "the task was cancelled"))
        case .unavailable(let cause):
          transfer.dropDownload()
          continuation.resume(returning: notSent(.unavailable, cause))
        }
      }
    } onCancel: {
      engine.cancel(transfer)
    }
  }

  private func notifyObserver(_ request: HTTPRequest, _ end: TransferEnd) {
    guard let observer = HTTPExchange.observer else { return }
    let query = request.shownQuery.map { "?\($0.shown)" } ?? ""
    var exchange = HTTPExchange(
      method: request.method.shown, url: ShownURL(request.url).description + query, status: nil, failure: nil,
      requestID: nil,
      metrics: end.metrics, isForCredentials: HTTPExchange.fetchesCredentials)
    switch end.result {
    case .success(let response):
      exchange.status = response.status
      let id = response.header("x-amz-request-id") ?? response.header("x-request-id")
      exchange.requestID = id.map(response.redactor.redact)
    case .failure(let error):
      exchange.failure = error
    }
    observer(exchange)
  }
}
