import CCurl

/// Turns libcurl's result code and the transfer's observations into the transport's error.
struct FailureDiagnosis {
  let transfer: Transfer
  /// The size that libcurl counts as sent, for all requests of the transfer together.
  let requestSize: Int
  let elapsed: Duration

  /// The error for libcurl's code.
  func error(_ result: CURLcode) -> HTTPTransportError {
    if let own = transfer.ownFailure {
      var failure = error(own.code, cause: own.cause)
      failure.begun = transfer.begun
      return failure
    }
    let words = String(cString: transfer.errorText)
    return error(code(of: result), cause: words.isEmpty ? String(cString: ccurl_easy_strerror(result)) : words)
  }

  /// An error that does not come from libcurl, such as a cancellation.
  func error(_ code: HTTPTransportError.Code, cause: String) -> HTTPTransportError {
    HTTPTransportError(
      code: code, delivery: transfer.departure.delivery(requestSize: requestSize, answer: transfer.head),
      target: transfer.target, cause: cause)
  }

  private func code(of result: CURLcode) -> HTTPTransportError.Code {
    switch result {
    case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: .nameResolution
    case CURLE_COULDNT_CONNECT, CURLE_PROXY, CURLE_INTERFACE_FAILED: .connect
    case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CERTPROBLEM,
      CURLE_SSL_CIPHER, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS, CURLE_USE_SSL_FAILED:
      .tls
    case CURLE_OPERATION_TIMEDOUT: timeoutCode
    case CURLE_URL_MALFORMAT: .invalidRequest
    // "Received HTTP/0.9 when not allowed" is reported as an unsupported protocol.
    case CURLE_WEIRD_SERVER_REPLY, CURLE_UNSUPPORTED_PROTOCOL, CURLE_BAD_CONTENT_ENCODING: .protocolViolation
    case CURLE_OUT_OF_MEMORY, CURLE_FAILED_INIT, CURLE_UNKNOWN_OPTION, CURLE_NOT_BUILT_IN: .unavailable
    // Everything else is a connection that failed: before the request it could not be made (a proxy that refuses to
    // connect gives a receive error), afterwards it was lost.
    default: transfer.departure.hasNotBegun ? .connect : .connectionLost
    }
  }

  /// libcurl rounds its clock to milliseconds, so its timeout may come a little before ours.
  private static let clockTolerance = Duration.milliseconds(10)

  /// libcurl has one code for three timeouts.
  private var timeoutCode: HTTPTransportError.Code {
    if let total = transfer.request.timeouts.total, elapsed + Self.clockTolerance >= total { return .timeout }
    return transfer.departure.hasNotBegun ? .connectTimeout : .stalled
  }
}
