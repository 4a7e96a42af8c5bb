/// The seam through which every provider client reaches the network.
///
/// ``CurlTransport`` is the real implementation; tests may use their own.
public protocol HTTPTransport: Sendable {
  /// Performs one exchange and returns the complete answer, whatever its status.
  ///
  /// Cancelling the task ends the transfer.
  /// - Throws: ``HTTPTransportError`` if there is no complete answer.
  func send(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse
}
