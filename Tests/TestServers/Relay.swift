import Synchronization

/// Stands between a client and a server on 127.0.0.1 and changes what the server says: a provider of another reading, or
/// a way that is disturbed where it hurts. What is asked reaches the server as it was sent, so it takes effect; unless it
/// is withheld, to take effect later.
public final class Relay: Sendable {
  /// One request as it was sent.
  public struct Ask: Sendable {
    /// The method.
    public let method: String
    /// Path and query.
    public let path: String
    /// The body as text.
    public let body: String
  }

  /// What the server answered.
  public struct Answer: Sendable {
    /// The status.
    public var status: Int
    /// The head's fields, whole lines.
    public var fields: [String]
    /// The body.
    public var body: String
    /// Bytes of the end that never arrive.
    public var lost = 0

    /// Creates an answer.
    public init(_ status: Int, fields: [String] = [], _ body: String = "", lost: Int = 0) {
      self.status = status
      self.fields = fields
      self.body = body
      self.lost = lost
    }

    /// One with JSON in it.
    public static func json(_ status: Int, _ body: String) -> Answer {
      Answer(status, fields: ["Content-Type: application/json"], body)
    }
  }

  /// Where it listens.
  public var port: UInt16 { server.port }
  private let server: AnswerServer
  private let destination: UInt16
  private let withheld: Withheld

  /// The requests that are kept back, whole.
  private final class Withheld: Sendable {
    let requests = Mutex<[[UInt8]]>([])
  }

  /// Starts it.
  /// - Parameters:
  ///   - port: where the server listens.
  ///   - withhold: given a request, what the client gets at once while the request is kept until ``passOn()``; nil for
  ///     one that goes on to the server.
  ///   - change: given the request and the server's answer, what the client gets. Answers to HEAD stay as they are.
  /// - Throws: ``TestServerError`` when there is no socket or thread to be had.
  public init(
    to port: UInt16, withhold: @escaping @Sendable (Ask) -> Answer?,
    _ change: @escaping @Sendable (Ask, Answer) -> Answer = { $1 }
  ) throws {
    let withheld = Withheld()
    (destination, self.withheld) = (port, withheld)
    server = try AnswerServer { request in
      let text = String(decoding: request, as: UTF8.self)
      let words = text.split(separator: " ", maxSplits: 2).map(String.init)
      let body = text.firstRange(of: "\r\n\r\n").map { String(text[$0.upperBound...]) } ?? ""
      let ask = Ask(method: words[0], path: words[1], body: body)
      if let answer = withhold(ask) {
        withheld.requests.withLock { $0.append(request) }
        return Self.write(answer)
      }
      guard let bytes = LoopbackPort.exchange(port: port, Self.closing(request)), let answer = Self.read(bytes) else {
        return []
      }
      // The answer to a HEAD tells the length of a body that it does not have.
      if words[0] == "HEAD" { return bytes }
      return Self.write(change(ask, answer))
    }
  }

  /// Starts one that withholds nothing.
  public convenience init(to port: UInt16, _ change: @escaping @Sendable (Ask, Answer) -> Answer = { $1 }) throws {
    try self.init(to: port, withhold: { _ in nil }, change)
  }

  /// Lets the server have what was withheld, in the order in which it came. Returns when it has answered all of it.
  /// - Returns: the statuses of its answers, which nobody else gets.
  @discardableResult
  public func passOn() -> [Int] {
    let requests = withheld.requests.withLock { requests in
      defer { requests = [] }
      return requests
    }
    return requests.map { request in
      LoopbackPort.exchange(port: destination, Self.closing(request)).flatMap(Self.read)?.status ?? 0
    }
  }

  /// Ends it. Called once, after the last exchange.
  public func stop() { server.letGo() }

  /// The request, with the wish that the connection ends with its answer.
  private static func closing(_ request: [UInt8]) -> [UInt8] {
    guard let line = request.firstIndex(of: UInt8(ascii: "\n")) else { return request }
    return request[...line] + Array("Connection: close\r\n".utf8) + request[(line + 1)...]
  }

  private static func read(_ bytes: [UInt8]) -> Answer? {
    let text = String(decoding: bytes, as: UTF8.self)
    guard let end = text.firstRange(of: "\r\n\r\n") else { return nil }
    let lines = text[..<end.lowerBound].split(separator: "\r\n").map(String.init)
    guard let status = lines.first?.split(separator: " ").dropFirst().first.flatMap({ Int($0) }) else { return nil }
    let framing = ["content-length:", "transfer-encoding:", "connection:"]
    let fields = lines.dropFirst().filter { line in !framing.contains { line.lowercased().hasPrefix($0) } }
    let isChunked = lines.contains { $0.lowercased().hasPrefix("transfer-encoding: chunked") }
    let body = text[end.upperBound...]
    return Answer(status, fields: fields, isChunked ? whole(body) : String(body))
  }

  /// The text of a chunked body.
  private static func whole(_ chunks: Substring) -> String {
    var (bytes, whole) = (Array(chunks.utf8)[...], [UInt8]())
    while let line = bytes.firstIndex(of: UInt8(ascii: "\n")),
      let count = Int(String(decoding: bytes[..<line].dropLast(), as: UTF8.self), radix: 16), count > 0
    {
      whole += bytes[(line + 1)...].prefix(count)
      bytes = bytes[(line + 1)...].dropFirst(count + 2)
    }
    return String(decoding: whole, as: UTF8.self)
  }

  private static func write(_ answer: Answer) -> [UInt8] {
    let text = AnswerServer.answer(answer.status, headers: answer.fields, body: answer.body)
    return Array(text.utf8.dropLast(answer.lost))
  }
}
