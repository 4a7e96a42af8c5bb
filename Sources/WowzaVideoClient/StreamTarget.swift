/// A CDN target of an account: where viewers get what an origin serves.
///
/// Names are not unique on the server; a target is ours if both its name and its origin are.
public struct StreamTarget: Sendable, Hashable {
  /// The server's id.
  public var id: String
  /// The name given at creation.
  public var name: String?
  /// `activated`, `archived`; an open set of words.
  public var state: String?
  /// The word for it in playback URLs.
  public var streamName: String?
  /// `custom_origin_url`: where the CDN gets the content.
  public var originURL: String?
  /// `custom_origin_region`: `us`, `eu`, `asia`, `sa`, `india`; not an AWS region word.
  public var originRegion: String?
  /// `url_suffix` (2.0): appended to the playback URL of a custom origin.
  public var urlSuffix: String?
  /// `hls`, `dash`.
  public var deliveryProtocols: [String]
  /// Whether plain HTTP is redirected; nil if not reported.
  public var forceSSLPlayback: Bool?
  /// Whether playback needs a token; nil if not reported.
  public var tokenAuthEnabled: Bool?
  /// The playback URLs by protocol.
  public var playbackURLs: [String: [String]]
  /// Seconds since 1970.
  public var createdAt: Int64?
  /// Seconds since 1970.
  public var updatedAt: Int64?

  /// Reads an answer; nil without an id.
  init?(_ value: VideoValue) {
    guard let id = value["id"]?.text, !id.isEmpty else { return nil }
    self.id = id
    name = value["name"]?.text
    state = value["state"]?.text
    streamName = value["stream_name"]?.text
    // Empty means not reported.
    originURL = value["custom_origin_url"]?.text.flatMap { $0.isEmpty ? nil : $0 }
    originRegion = value["custom_origin_region"]?.text.flatMap { $0.isEmpty ? nil : $0 }
    urlSuffix = value["url_suffix"]?.text
    deliveryProtocols = (value["delivery_protocols"]?.elements ?? []).compactMap(\.text)
    forceSSLPlayback = value["force_ssl_playback"]?.flag
    tokenAuthEnabled = value["token_auth_enabled"]?.flag
    playbackURLs = [:]
    if case .object(let protocols)? = value["playback_urls"] {
      playbackURLs = protocols.mapValues { ($0.elements ?? []).compactMap { $0["url"]?.text ?? $0.text } }
    }
    createdAt = value["created_at"]?.instant
    updatedAt = value["updated_at"]?.instant
  }
}

/// The properties of a new CDN target. Nil values are not sent, and the server's defaults apply.
public struct NewStreamTarget: Sendable, Hashable {
  /// At most 255 characters.
  public var name: String
  /// `custom_origin_url`: starts with `http://` or `https://`.
  public var originURL: String?
  /// `custom_origin_region`: whichever of `us`, `eu`, `asia`, `sa`, `india` is nearest to the origin.
  public var originRegion: String?
  /// Whether plain HTTP is redirected.
  public var forceSSLPlayback: Bool?
  /// `hls`, `dash`; each is billed. From 1.7.
  public var deliveryProtocols: [String]?
  /// Appended to the playback URL of a custom origin. From 2.0.
  public var urlSuffix: String?

  /// Creates a description of a target.
  public init(
    name: String, originURL: String? = nil, originRegion: String? = nil, forceSSLPlayback: Bool? = nil,
    deliveryProtocols: [String]? = nil, urlSuffix: String? = nil
  ) {
    self.name = name
    self.originURL = originURL
    self.originRegion = originRegion
    self.forceSSLPlayback = forceSSLPlayback
    self.deliveryProtocols = deliveryProtocols
    self.urlSuffix = urlSuffix
  }

  /// Why a version does not support this; nil if it does: a field that it does not know would be dropped silently.
  func problem(with version: WowzaVideoVersion) -> String? {
    if deliveryProtocols != nil, !version.hasDeliveryProtocols { return "\(version) has no delivery_protocols" }
    if urlSuffix != nil, !version.hasURLSuffix { return "\(version) has no url_suffix" }
    return nil
  }

  /// The fields as they are sent.
  var wire: VideoValue {
    var fields: [String: VideoValue] = ["name": .string(name)]
    fields["custom_origin_url"] = originURL.map(VideoValue.string)
    fields["custom_origin_region"] = originRegion.map(VideoValue.string)
    fields["force_ssl_playback"] = forceSSLPlayback.map(VideoValue.bool)
    fields["delivery_protocols"] = deliveryProtocols.map { .array($0.map(VideoValue.string)) }
    fields["url_suffix"] = urlSuffix.map(VideoValue.string)
    return .object(fields)
  }
}
