import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// The server's side of one connection: collects each request and passes it on when it is complete. The handlers in
/// front hold back the next request until the answer is written.
final class ConnectionHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPRequestPart

  private let bodyLimit: Int
  private let arrivals: AsyncStream<Exchange>.Continuation
  private var head: HTTPRequest?
  private var body: [UInt8] = []
  private var isTooLarge = false

  init(bodyLimit: Int, arrivals: AsyncStream<Exchange>.Continuation) {
    self.bodyLimit = bodyLimit
    self.arrivals = arrivals
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head):
      self.head = head
      body = []
      isTooLarge = false
    case .body(let bytes):
      isTooLarge = isTooLarge || body.count + bytes.readableBytes > bodyLimit
      if !isTooLarge { body += bytes.readableBytesView }
    case .end:
      guard let head else { return }
      let request = Request(
        method: head.method.rawValue, target: head.path ?? "/", authority: head.authority, headers: head.headerFields,
        body: body, isTooLarge: isTooLarge)
      arrivals.yield(Exchange(request: request, channel: context.channel))
      self.head = nil
      body = []
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }
}
