import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// A complete request and the connection on which it waits for its answer.
struct Exchange: Sendable {
  /// How an exchange ends.
  enum ReplyKind: Sendable {
    case answer(Response)
    /// The connection is closed without a single byte of an answer.
    case cut
  }

  let request: Request
  let channel: any Channel

  /// Ends it. It is not an error if the connection has closed meanwhile.
  func end(_ reply: ReplyKind) async {
    switch reply {
    case .cut:
      try? await channel.close()
    case .answer(let response):
      try? await write(response)
    }
  }

  private func write(_ response: Response) async throws {
    var head = response.head
    // The answer to a HEAD has the length that a GET would have; an answer from another server may already contain it.
    if head.headerFields[.contentLength] == nil { head.headerFields[.contentLength] = String(response.body.count) }
    channel.write(HTTPResponsePart.head(head), promise: nil)
    // A body after the header of a HEAD's answer would be read as the next answer.
    if request.method != "HEAD", !response.body.isEmpty {
      channel.write(HTTPResponsePart.body(ByteBuffer(bytes: response.body)), promise: nil)
    }
    try await channel.writeAndFlush(HTTPResponsePart.end(nil))
    if request.isLast { try await channel.close() }
  }
}
