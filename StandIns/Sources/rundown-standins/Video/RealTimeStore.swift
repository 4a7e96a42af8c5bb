import FoundationEssentials

/// The real-time streams of the account. No request starts one: it starts when an encoder publishes.
struct RealTimeStore: Sendable {
  private(set) var streams: [String: [String: JSONValue]] = [:]
  /// Creations by `reference_id`, the only mark that a caller can put on one.
  private(set) var createdByReference: [String: Int] = [:]
  private(set) var created = 0
  private var publishing: Set<String> = []
  private var order: [String] = []
  private var deleted: Set<String> = []

  /// Fields that only the server writes.
  private static let readOnly: Set<String> = [
    "id", "stream_name", "token", "rtmp_url", "state", "created_at", "updated_at",
  ]

  var listItems: [JSONValue] {
    order.compactMap { streams[$0].map(VideoRecord.listItem) }
  }

  func get(_ id: String, version: VideoVersion) throws(VideoError) -> [String: JSONValue] {
    if deleted.contains(id) { throw .deleted }
    guard var stream = streams[id] else { throw .notFound }
    // The examples of 1.x have only one state.
    stream["state"] = version == .v2_0 ? .string(state(id)) : "active"
    return stream
  }

  /// `started` or `stopped`, the words of 2.0.
  func state(_ id: String) -> String {
    publishing.contains(id) ? "started" : "stopped"
  }

  mutating func create(
    _ body: [String: JSONValue], now: Date, random: inout SeededRandom
  ) throws(VideoError) -> String {
    try Self.check(body)
    let id = random.word(8)
    let name = random.word(12)
    let token = random.word(32)
    let stamp = JSONValue.string(StandInTime.text(now))
    var stream: [String: JSONValue] = ["region": "phoenix", "recording": false, "enable_secure_viewer": false]
    stream.merge(body.filter { !Self.readOnly.contains($0.key) }) { _, new in new }
    stream["id"] = .string(id)
    stream["stream_name"] = .string(name)
    stream["token"] = .string(token)
    stream["rtmp_url"] = .string("rtmp://rts.example.com/live/\(name)?token=\(token)")
    stream["created_at"] = stamp
    stream["updated_at"] = stamp
    streams[id] = stream
    order.append(id)
    created += 1
    if let reference = body["reference_id"]?.string { createdByReference[reference, default: 0] += 1 }
    return id
  }

  mutating func update(_ id: String, _ body: [String: JSONValue], now: Date) throws(VideoError) {
    var stream = try get(id, version: .v2_0)
    // The name is required in a PATCH, too.
    try Self.check(body)
    stream.merge(body.filter { !Self.readOnly.contains($0.key) }) { _, new in new }
    stream["updated_at"] = .string(StandInTime.text(now))
    streams[id] = stream
  }

  mutating func delete(_ id: String) throws(VideoError) {
    _ = try get(id, version: .v2_0)
    streams[id] = nil
    publishing.remove(id)
    order.removeAll { $0 == id }
    deleted.insert(id)
  }

  mutating func publish(_ id: String) throws(VideoError) {
    _ = try get(id, version: .v2_0)
    publishing.insert(id)
  }

  mutating func stop(_ id: String) throws(VideoError) {
    _ = try get(id, version: .v2_0)
    guard publishing.remove(id) != nil else { throw .alreadyStopped }
  }

  private static func check(_ body: [String: JSONValue]) throws(VideoError) {
    _ = try VideoRecord.checkedName(body)
    if let reference = body["reference_id"]?.string, reference.count > 70 {
      throw .invalid("Reference is too long (maximum is 70 characters)")
    }
  }
}
