/// Whether the request of one transfer may have reached the server, and whether it may be sent once more.
///
/// libcurl repeats a request by itself when a reused connection dies before the first byte of an answer
/// (`Curl_retry_request`, "Connection died, retrying a fresh connect"): it cannot know that the server has not acted
/// on the first copy. For a request that must not act twice the second copy is refused here, at the moment when
/// libcurl has a connection and asks for permission to send (`CURLOPT_PREREQFUNCTION`):
///
///     libcurl                              server
///     begin: allowed, sends POST
///                                          reads the POST, acts, closes
///     sees the close, no byte of answer
///     begin: refused                       (never sees a second POST)
///
/// Such a request also uses a new connection (``TransferOptions``): the other side may close a kept one at the very
/// moment when we write to it, and nobody could know whether the request was read.
struct Departure {
  /// Sending it again changes no more than sending it once.
  let isRepeatable: Bool
  /// Over TLS a record may have been sent although libcurl counts no byte as sent, so the count proves nothing there.
  private let countIsProof: Bool
  private var hasBegun = false
  private var isAnswered = false
  private var sizeAtBegin = 0
  private var earlierMayHaveLeft = false

  init(_ request: HTTPRequest) {
    // Methods of RFC 9110, 9.2.1 and 9.2.2. A conditional write is not repeatable here: its second copy would be
    // refused because of its first, and the caller would mistake its own work for somebody else's.
    let isConditional = request.headers.contains { ["if-match", "if-none-match"].contains($0.name.lowercased()) }
    switch request.method {
    case "GET", "HEAD", "OPTIONS": isRepeatable = true
    case "PUT", "DELETE": isRepeatable = !isConditional && !request.actsOnce
    default: isRepeatable = false
    }
    countIsProof = request.url.hasPrefix("http://")
  }

  /// libcurl is about to send the request (again). `requestSize` counts what this transfer has sent so far. Returns why
  /// it must not, nil if it may.
  mutating func begin(
    requestSize: Int, previousAnswer: ResponseHead
  ) -> (code: HTTPTransportError.Code, cause: String)? {
    if hasBegun {
      if !isAnswered, mayHaveLeft(requestSize: requestSize) {
        earlierMayHaveLeft = true
        if !isRepeatable { return (.connectionLost, "the connection was closed before a response arrived") }
      }
      // If it expects a Digest challenge, libcurl first sends a POST without its body. A server that accepts that
      // instead of demanding credentials has already acted.
      if isAnswered, (200..<300).contains(previousAnswer.status), !isRepeatable {
        earlierMayHaveLeft = true
        return (.protocolViolation, "the server accepted the request without its body and without authentication")
      }
    }
    hasBegun = true
    isAnswered = false
    sizeAtBegin = requestSize
    return nil
  }

  /// A byte of an answer to the current request has arrived.
  mutating func answerBegan() {
    isAnswered = true
  }

  /// Nothing of any request was passed to a connection that was ready for it.
  var hasNotBegun: Bool { !hasBegun }

  /// Whether the request may have taken effect, given the part of an answer that has arrived.
  func delivery(requestSize: Int, answer: ResponseHead) -> Delivery {
    if earlierMayHaveLeft { return .unknown }
    if !mayHaveLeft(requestSize: requestSize) { return .notSent }
    // Regardless of that part: only the body would show who answers. Without all of it, a gateway may have passed the
    // request on and then answered in the server's place.
    return .unknown
  }

  private func mayHaveLeft(requestSize: Int) -> Bool {
    hasBegun && (!countIsProof || requestSize > sizeAtBegin)
  }
}
