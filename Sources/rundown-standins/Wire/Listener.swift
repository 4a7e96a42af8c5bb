import Hummingbird
import Logging
import NIOCore

/// One listening socket on 127.0.0.1 that can be closed and opened again on the same port.
actor Listener {
  /// How an exchange ends.
  enum Reply: Sendable {
    case answer(Response)
    /// The connection is closed and not one byte is answered.
    case cut
  }

  /// Bytes of a request body that are read, unless said otherwise; the largest body of JSON has a few kilobytes.
  static let bodyLimit = 1 << 20

  private let bodyLimit: Int
  private let respond: @Sendable (Ask) async -> Reply
  private(set) var port: Int
  private var serving: Task<Void, any Error>?
  private var closing: Task<Void, Never>?
  private var hold: PortHold?

  init(port: Int, bodyLimit: Int = Listener.bodyLimit, respond: @escaping @Sendable (Ask) async -> Reply) {
    self.port = port
    self.bodyLimit = bodyLimit
    self.respond = respond
  }

  /// Listens; returns when connections are accepted. Does nothing when it listens already.
  func open() async throws {
    await closing?.value
    guard serving == nil else { return }
    let (ports, report) = AsyncThrowingStream<Int, any Error>.makeStream()
    let application = Application(
      responder: CallbackResponder<Exchange>(callback: { [respond, bodyLimit] request, exchange in
        try await Self.serve(request, exchange, upTo: bodyLimit, respond)
      }),
      configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: port)),
      onServerRunning: { channel in
        report.yield(channel.localAddress?.port ?? 0)
        report.finish()
      },
      logger: Logger(label: "standins", factory: { _ in SwiftLogNoOpLogHandler() }))
    serving = Task {
      do {
        try await application.run()
        report.finish()
      } catch {
        report.finish(throwing: error)
        throw error
      }
    }
    do {
      for try await bound in ports { port = bound }
    } catch {
      serving = nil
      throw error
    }
    hold = nil
  }

  /// Closes the socket and every connection: further connects are refused.
  func close(keepingPort: Bool = false) async {
    if let serving {
      self.serving = nil
      // A task of its own, so that an open that comes meanwhile can wait for it.
      closing = Task {
        serving.cancel()
        _ = await serving.result
        if keepingPort { hold = PortHold(port: port) }
      }
    }
    await closing?.value
  }

  var isOpen: Bool {
    serving != nil
  }

  private static func serve(
    _ request: Request, _ exchange: Exchange, upTo bodyLimit: Int, _ respond: @Sendable (Ask) async -> Reply
  ) async throws -> Response {
    var request = request
    guard let body = try? await request.collectBody(upTo: bodyLimit) else {
      return Response(
        status: .contentTooLarge, headers: [.contentType: "text/plain"],
        body: .init(byteBuffer: ByteBuffer(string: "a stand-in takes bodies of at most \(bodyLimit) bytes here\n")))
    }
    let ask = Ask(
      method: request.method.rawValue, target: request.head.path ?? "/", authority: request.head.authority,
      headers: request.headers,
      body: Array(body.readableBytesView))
    switch await respond(ask) {
    case .answer(let response):
      // A body behind the head of a HEAD's answer would be taken for the next answer.
      return ask.method == "HEAD" ? response.createHeadResponse() : response
    case .cut:
      try? await exchange.channel.close()
      // Hummingbird wants a response; writing it to the closed channel fails and ends the connection's task.
      return Response(status: .internalServerError)
    }
  }
}
