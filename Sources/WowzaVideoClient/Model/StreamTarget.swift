/// A CDN stream target.
public struct StreamTarget: Sendable, Hashable, Decodable {
  /// Its id.
  public var id: String
  /// Its name; others may have the same.
  public var name: String
  /// `activated` or `archived`.
  public var state: String?
  /// The origin it fetches from.
  public var originURL: String?
  /// The part of the world nearest to the origin.
  public var originRegion: String?
  /// Whether playback is by HTTPS only.
  public var forceSSL: Bool?
  /// Where its default HLS playlist is played.
  public var playbackURL: String?

  private struct PlaybackURL: Decodable {
    let name: String?
    let url: String?
  }

  /// Reads an answer of any version.
  public init(from decoder: any Decoder) throws {
    let fields = try LenientFields(decoder)
    guard let id = fields.text("id") else {
      throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "no id"))
    }
    self.id = id
    name = fields.text("name") ?? ""
    state = fields.text("state")
    originURL = fields.text("custom_origin_url")
    originRegion = fields.text("custom_origin_region")
    forceSSL = fields.flag("force_ssl_playback")
    let urls: [String: [PlaybackURL]]? = fields.value("playback_urls")
    let hls = urls?["hls"] ?? []
    playbackURL = (hls.first { $0.name == "default" } ?? hls.first)?.url ?? fields.text("playback_url")
  }
}

/// What a new CDN stream target is to be.
public struct NewStreamTarget: Sendable, Hashable, Encodable {
  /// Its name, at most 255 characters.
  public var name: String
  /// The origin it fetches from.
  public var originURL: String
  /// `us`, `eu`, `asia`, `sa` or `india`.
  public var originRegion: String
  /// Whether playback is by HTTPS only.
  public var forceSSL: Bool

  private enum CodingKeys: String, CodingKey {
    case name
    case originURL = "custom_origin_url"
    case originRegion = "custom_origin_region"
    case forceSSL = "force_ssl_playback"
  }

  /// Describes a new target.
  public init(name: String, originURL: String, originRegion: String, forceSSL: Bool) {
    self.name = name
    self.originURL = originURL
    self.originRegion = originRegion
    self.forceSSL = forceSSL
  }
}
