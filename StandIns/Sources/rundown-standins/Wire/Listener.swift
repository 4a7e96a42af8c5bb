import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOHTTPTypesHTTP1
import NIOPosix

/// One listening socket on 127.0.0.1 that can be closed and opened again on the same port.
///
/// It uses NIO's handlers and not its asynchronous channels: those end the process when one of them is dropped, and a
/// listener that closes while clients connect drops connections that were just accepted.
actor Listener {
  /// An open socket and everything that is needed to close it.
  private struct Door {
    let socket: any Channel
    let connections: Connections
    let arrivals: AsyncStream<Exchange>.Continuation
    /// Answers requests until it is cancelled.
    let answering: Task<Void, Never>

    /// Refuses further connects; requests that are being answered are cancelled and lose their connections.
    func close() async {
      try? await socket.close()
      await connections.close()
      arrivals.finish()
      answering.cancel()
      await answering.value
    }
  }

  /// The default maximum size of a request body in bytes; the largest JSON body has a few kilobytes.
  static let bodyLimit = 1 << 20

  private let bodyLimit: Int
  private let respond: @Sendable (Request) async -> Exchange.ReplyKind
  private(set) var port: Int
  private var door: Door?
  private var closing: Task<Void, Never>?
  private var opening: Task<Void, any Error>?
  private var hold: PortHold?

  init(
    port: Int, bodyLimit: Int = Listener.bodyLimit, respond: @escaping @Sendable (Request) async -> Exchange.ReplyKind
  ) {
    self.port = port
    self.bodyLimit = bodyLimit
    self.respond = respond
  }

  /// Listens; returns when connections are accepted. Does nothing if it already listens.
  func open() async throws {
    await closing?.value
    if opening == nil, door == nil {
      // A task of its own, so that an open or a close that is called meanwhile can wait for it.
      opening = Task {
        defer { opening = nil }
        door = try await makeDoor()
        hold = nil
      }
    }
    try await opening?.value
  }

  /// Closes the socket and all connections: further connects are refused.
  func close(keepingPort: Bool = false) async {
    _ = await opening?.result
    if let door {
      self.door = nil
      closing = Task {
        await door.close()
        if keepingPort { hold = await PortHold.soon(port: port) }
      }
    }
    await closing?.value
  }

  var isOpen: Bool {
    door != nil
  }

  private func makeDoor() async throws -> Door {
    let (exchanges, arrivals) = AsyncStream.makeStream(of: Exchange.self)
    let connections = Connections()
    let socket = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .serverChannelOption(.backlog, value: 256)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelInitializer { [bodyLimit] channel in
        channel.eventLoop.makeCompletedFuture {
          try connections.admit(channel)
          let pipeline = channel.pipeline.syncOperations
          try pipeline.configureHTTPServerPipeline()
          try pipeline.addHandler(HTTP1ToHTTPServerCodec(secure: false))
          try pipeline.addHandler(ConnectionHandler(bodyLimit: bodyLimit, arrivals: arrivals))
        }
      }
      .bind(host: "127.0.0.1", port: port).get()
    port = socket.localAddress?.port ?? port
    let answering = Task { [respond, bodyLimit] in
      await withDiscardingTaskGroup { group in
        for await exchange in exchanges {
          group.addTask {
            let tooLarge = Self.tooLarge(beyond: bodyLimit)
            await exchange.end(exchange.request.isTooLarge ? .answer(tooLarge) : await respond(exchange.request))
          }
        }
      }
    }
    return Door(socket: socket, connections: connections, arrivals: arrivals, answering: answering)
  }

  private static func tooLarge(beyond limit: Int) -> Response {
    Response(
      413, [.contentType: "text/plain"],
      body: Array("a stand-in takes bodies of at most \(limit) bytes here\n".utf8))
  }
}
