import FoundationEssentials

/// The CDN stream targets of the account. Names are not unique, as in the real service.
struct StreamTargetStore: Sendable {
  /// What identifies a creation when duplicates are counted.
  struct Origin: Hashable, Sendable {
    let name: String
    let origin: String
  }

  private(set) var targets: [String: [String: JSONValue]] = [:]
  private(set) var created: [Origin: Int] = [:]
  private var order: [String] = []
  private var madeAt: [String: Date] = [:]
  private var deleted: Set<String> = []

  /// Fields that only the server writes.
  private static let readOnly: Set<String> = [
    "id", "state", "stream_name", "playback_urls", "created_at", "updated_at",
  ]
  /// The fields of the sample answer in the vendor's guide: neither origin nor region is among them.
  private static let guideFields: Set<String> = [
    "id", "name", "state", "stream_name", "playback_urls", "token_auth_enabled", "token_auth_playlist_only",
    "geoblock_enabled", "geoblock_by_location", "geoblock_ip_override", "force_ssl_playback", "created_at",
    "updated_at",
  ]
  private static let regions = ["us", "eu", "asia", "sa", "india"]

  var listItems: [JSONValue] {
    order.compactMap { targets[$0].map(VideoRecord.listItem) }
  }

  func get(_ id: String) throws(VideoError) -> [String: JSONValue] {
    if deleted.contains(id) { throw .deleted }
    guard var target = targets[id] else { throw .notFound }
    // Never answered back in clear.
    target["token_auth_shared_secret"] = nil
    return target
  }

  /// Like ``get(_:)``, in the reported form, for requests about a target that may be too new to be found.
  func find(_ id: String, _ settings: VideoSettings, now: Date) throws(VideoError) -> [String: JSONValue] {
    let target = try get(id)
    guard now.timeIntervalSince(madeAt[id] ?? .distantPast) >= settings.hiddenSeconds else { throw .notFound }
    return Self.told(target, settings)
  }

  /// The fields that are reported.
  static func told(_ target: [String: JSONValue], _ settings: VideoSettings) -> [String: JSONValue] {
    settings.targetFields == .all ? target : target.filter { guideFields.contains($0.key) }
  }

  mutating func create(
    _ body: [String: JSONValue], version: VideoVersion, now: Date, random: inout SeededRandom
  ) throws(VideoError) -> [String: JSONValue] {
    let asked = try Self.checked(body, version)
    let name = try VideoRecord.checkedName(asked)
    let id = random.word(8)
    let stream = random.word(12)
    let zone = random.word(8)
    let stamp = JSONValue.string(StandInTime.text(now))
    var target: [String: JSONValue] = [
      "delivery_protocols": ["hls"], "token_auth_enabled": false, "token_auth_playlist_only": false,
      "geoblock_enabled": false, "geoblock_by_location": "disabled", "geoblock_ip_override": "disabled",
      "force_ssl_playback": false,
    ]
    target.merge(asked) { _, new in new }
    target["id"] = .string(id)
    target["state"] = "activated"
    target["stream_name"] = .string(stream)
    target["playback_urls"] = [
      "hls": [
        [
          "name": "default",
          "url": .string("https://cdn.example.com/1/\(zone)/\(stream)/hls/live/playlist.m3u8"),
        ]
      ]
    ]
    target["created_at"] = stamp
    target["updated_at"] = stamp
    targets[id] = target
    order.append(id)
    madeAt[id] = now
    created[Origin(name: name, origin: asked["custom_origin_url"]?.string ?? ""), default: 0] += 1
    return try get(id)
  }

  mutating func update(
    _ id: String, _ body: [String: JSONValue], version: VideoVersion, now: Date
  ) throws(VideoError) -> [String: JSONValue] {
    var target = try get(id)
    target["token_auth_shared_secret"] = targets[id]?["token_auth_shared_secret"]
    target.merge(body.filter { !Self.readOnly.contains($0.key) }) { _, new in new }
    _ = try Self.checked(target, version)
    target["updated_at"] = .string(StandInTime.text(now))
    targets[id] = target
    return try get(id)
  }

  mutating func delete(_ id: String) throws(VideoError) {
    _ = try get(id)
    targets[id] = nil
    order.removeAll { $0 == id }
    deleted.insert(id)
  }

  /// The writable fields of `body`, if they follow the documented rules.
  private static func checked(
    _ body: [String: JSONValue], _ version: VideoVersion
  ) throws(VideoError) -> [String: JSONValue] {
    var asked = body.filter { !readOnly.contains($0.key) }
    if version != .v2_0 { asked["url_suffix"] = nil }
    _ = try VideoRecord.checkedName(asked)
    if let region = asked["custom_origin_region"], !regions.contains(region.string ?? "") {
      throw .invalid("Custom origin region is not included in the list")
    }
    if let origin = asked["custom_origin_url"] {
      let url = origin.string ?? ""
      guard url.hasPrefix("http://") || url.hasPrefix("https://") else {
        throw .invalid("Custom origin url must begin with http:// or https://")
      }
    }
    return asked
  }
}
