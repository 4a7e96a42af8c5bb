import FoundationEssentials
import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOHTTPTypesHTTP1
import NIOPosix

/// The real S3 server behind the proxy: each request is sent over a connection of its own.
struct S3Upstream: Sendable {
  struct Unreadable: Error {}

  let host: String
  let port: Int

  /// Accepts `http://HOST:PORT`; nil for anything else, including TLS.
  init?(url text: String) {
    guard let url = URL(string: text), url.scheme == "http", let host = url.host(), let port = url.port,
      ["", "/"].contains(url.path()), url.query() == nil, url.user() == nil
    else { return nil }
    self.host = host
    self.port = port
  }

  /// Passes `request` on unchanged, including signed headers and `Host`, and returns the answer.
  func exchange(_ request: Request) async throws -> Reply {
    guard let method = HTTPRequest.Method(request.method) else { throw Unreadable() }
    let head = HTTPRequest(
      method: method, scheme: "http", authority: request.authority, path: request.target, headerFields: request.headers)
    return try await connect().executeThenClose { inbound, outbound in
      let body = request.body.isEmpty ? [] : [HTTPRequestPart.body(ByteBuffer(bytes: request.body))]
      // A server may answer and hang up before everything was sent, or before the end, which has no bytes, was written:
      // then writing fails, but the answer still counts. Without an answer, reading fails.
      try? await outbound.write(contentsOf: [.head(head)] + body + [.end(nil)])
      return try await Self.answer(from: inbound)
    }
  }

  private func connect() async throws -> NIOAsyncChannel<HTTPResponsePart, HTTPRequestPart> {
    try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .connect(host: host, port: port) { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHTTPClientHandlers()
          try channel.pipeline.syncOperations.addHandler(HTTP1ToHTTPClientCodec())
          return try NIOAsyncChannel(wrappingChannelSynchronously: channel)
        }
      }
  }

  private static func answer(
    from parts: NIOAsyncChannelInboundStream<HTTPResponsePart>
  ) async throws -> Reply {
    var head: HTTPResponse?
    var body: [UInt8] = []
    for try await part in parts {
      switch part {
      case .head(let new): head = new
      case .body(let bytes):
        guard body.count + bytes.readableBytes <= S3ProxySite.bodyLimit else { throw Unreadable() }
        body += bytes.readableBytesView
      case .end:
        guard let head else { throw Unreadable() }
        return Reply(head.status.code, body: .passedOn(fields(of: head), body))
      }
    }
    // It ended before its answer did.
    throw Unreadable()
  }

  /// The body is complete here, so it is sent with its length and not in chunks.
  private static func fields(of head: HTTPResponse) -> HTTPFields {
    var fields = head.headerFields
    fields[.transferEncoding] = nil
    fields[.connection] = nil
    return fields
  }
}
