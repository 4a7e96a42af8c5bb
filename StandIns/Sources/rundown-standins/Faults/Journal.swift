import FoundationEssentials

/// The last requests of all listeners, without bodies, headers and queries, so that no secret can be in it.
actor Journal {
  struct Line: Sendable {
    let at: Date
    let listener: String
    let method: String
    let path: String
    /// nil: the connection was cut without an answer.
    let status: Int?
    let faults: [Fault.Kind]
  }

  static let limit = 500

  private var lines: [Line] = []
  private var requests: [String: Int] = [:]

  func write(_ line: Line) {
    if lines.count == Self.limit { lines.removeFirst() }
    lines.append(line)
  }

  func count(_ listener: String) {
    requests[listener, default: 0] += 1
  }

  func requests(at listener: String) -> Int {
    requests[listener, default: 0]
  }

  func all() -> [Line] {
    lines
  }

  func clear() {
    lines = []
    requests = [:]
  }
}
