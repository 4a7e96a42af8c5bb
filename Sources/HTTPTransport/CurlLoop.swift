import CCurl
import Glibc

/// The thread that drives libcurl: it owns the multi handle, the easy handles and every transfer that it has collected.
final class CurlLoop {
  /// libcurl shortens the wait to its own next timer; a wake-up ends it at once.
  private static let longestWaitMilliseconds: Int32 = 60_000

  private let multi: UnsafeMutableRawPointer
  private let engine: CurlEngine
  private let clock = ContinuousClock()
  private var live: [UnsafeMutableRawPointer: Transfer] = [:]
  private var idle: [UnsafeMutableRawPointer] = []

  init(multi: UnsafeMutableRawPointer, engine: CurlEngine) {
    self.multi = multi
    self.engine = engine
    let configuration = engine.configuration
    _ = ccurl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, max(1, configuration.poolSize))
    if let limit = configuration.maxConnectionsPerHost {
      _ = ccurl_multi_set_long(multi, CURLMOPT_MAX_HOST_CONNECTIONS, max(1, limit))
    }
  }

  /// Runs until the engine stops; then no transfer is left.
  func run() {
    blockSignals()
    while true {
      let mail = engine.collect()
      for transfer in mail.arrivals { begin(transfer) }
      for transfer in mail.cancellations { end(transfer, .cancelled, cause: "the task was cancelled") }
      if mail.isStopping { break }
      if ccurl_multi_perform(multi) != CURLM_OK { endAll(cause: "libcurl failed") }
      endFinished()
      _ = ccurl_multi_poll(multi, Self.longestWaitMilliseconds)
    }
    endAll(cause: "the HTTP client was shut down")
    for easy in idle { ccurl_easy_cleanup(easy) }
    ccurl_multi_cleanup(multi)
  }

  /// With CURLOPT_NOSIGNAL libcurl does not handle SIGPIPE, and OpenSSL writes with plain `write`: a peer that has
  /// disconnected would kill the process. With the signal blocked here, the write fails with EPIPE; the program's own
  /// signals go to its other threads.
  private func blockSignals() {
    var all = sigset_t()
    sigfillset(&all)
    pthread_sigmask(SIG_BLOCK, &all, nil)
  }

  private func begin(_ transfer: Transfer) {
    guard let easy = idle.popLast() ?? ccurl_easy_init() else {
      return finish(transfer, .unavailable, cause: "libcurl is out of memory")
    }
    transfer.easy = easy
    live[easy] = transfer
    if let code = TransferOptions.apply(transfer, to: easy, engine.configuration) {
      let words = String(cString: ccurl_easy_strerror(code))
      return end(
        transfer, .unavailable, cause: "libcurl does not support an option (\(words)); 7.85 or newer is needed")
    }
    if ccurl_multi_add(multi, easy) != CURLM_OK {
      end(transfer, .unavailable, cause: "libcurl refused the transfer")
    }
  }

  private func endFinished() {
    var code = CURLE_OK
    while let easy = ccurl_multi_next_finished(multi, &code) {
      guard let transfer = live[easy] else { continue }
      let metrics = metrics(of: transfer)
      if code == CURLE_OK, let response = transfer.response(metrics: metrics) {
        finish(transfer, .success(response), metrics)
      } else {
        finish(transfer, .failure(diagnosis(of: transfer, metrics).error(code)), metrics)
      }
    }
  }

  private func endAll(cause: String) {
    for transfer in live.values { end(transfer, .unavailable, cause: cause) }
  }

  /// Ends a transfer before libcurl does; one that has ended already is left alone.
  private func end(_ transfer: Transfer, _ code: HTTPTransportError.Code, cause: String) {
    guard transfer.easy != nil else { return }
    finish(transfer, code, cause: cause)
  }

  private func finish(_ transfer: Transfer, _ code: HTTPTransportError.Code, cause: String) {
    let metrics = metrics(of: transfer)
    finish(transfer, .failure(diagnosis(of: transfer, metrics).error(code, cause: cause)), metrics)
  }

  private func finish(_ transfer: Transfer, _ result: Result<HTTPResponse, HTTPTransportError>, _ metrics: HTTPMetrics)
  {
    if let easy = transfer.easy {
      live[easy] = nil
      _ = ccurl_multi_remove(multi, easy)
      recycle(easy, after: transfer)
      transfer.easy = nil
    }
    ccurl_slist_free(transfer.headerLines)
    transfer.headerLines = nil
    transfer.dropDownload()
    transfer.continuation?.resume(returning: TransferEnd(result: result, metrics: metrics))
    transfer.continuation = nil
  }

  private func recycle(_ easy: UnsafeMutableRawPointer, after transfer: Transfer) {
    // A handle keeps its upload buffer; an idle one must not hold 2 MiB.
    if idle.count >= engine.configuration.poolSize || transfer.upload != nil {
      ccurl_easy_cleanup(easy)
    } else {
      ccurl_easy_reset(easy)
      idle.append(easy)
    }
  }

  private func diagnosis(of transfer: Transfer, _ metrics: HTTPMetrics) -> FailureDiagnosis {
    let size = transfer.easy.map { ccurl_get_long($0, CURLINFO_REQUEST_SIZE) } ?? 0
    return FailureDiagnosis(transfer: transfer, requestSize: size, elapsed: metrics.duration)
  }

  private func metrics(of transfer: Transfer) -> HTTPMetrics {
    var metrics = HTTPMetrics(duration: transfer.started.duration(to: clock.now))
    guard let easy = transfer.easy else { return metrics }
    metrics.newConnections = ccurl_get_long(easy, CURLINFO_NUM_CONNECTS)
    metrics.bytesSent = ccurl_get_offset(easy, CURLINFO_SIZE_UPLOAD_T)
    metrics.bytesReceived = ccurl_get_offset(easy, CURLINFO_SIZE_DOWNLOAD_T)
    metrics.httpVersion =
      switch ccurl_get_long(easy, CURLINFO_HTTP_VERSION) {
      case CURL_HTTP_VERSION_1_0: 10
      case CURL_HTTP_VERSION_1_1: 11
      case CURL_HTTP_VERSION_2_0: 20
      default: 0
      }
    return metrics
  }
}
