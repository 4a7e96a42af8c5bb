/// The beginning of an answer that was not read any further.
public struct BegunAnswer: Sendable, Hashable {
  /// The status code.
  public var status: Int
  /// `Content-Type`, if it was given.
  public var contentType: String?
  /// The first bytes of the body, at most ``longest``.
  public var start: [UInt8]

  /// The number of bytes of the body that are kept.
  public static let longest = 512

  /// Creates the beginning of an answer.
  public init(status: Int, contentType: String?, start: some Sequence<UInt8>) {
    self.status = status
    self.contentType = contentType
    self.start = Array(start.prefix(Self.longest))
  }

  /// Whether it is a page for people.
  public var isPage: Bool { response.isPage }

  /// Whether it may be JSON.
  public var isJSON: Bool {
    let first = start.first { $0 != 0x20 && !(0x09...0x0d).contains($0) }
    return !isPage && (first == UInt8(ascii: "{") || first == UInt8(ascii: "["))
  }

  var response: HTTPResponse {
    HTTPResponse(status: status, headers: contentType.map { [(name: "Content-Type", value: $0)] } ?? [], body: start)
  }
}
