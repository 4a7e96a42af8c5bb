/// A live stream of the account.
public struct LiveStream: Sendable, Hashable, Decodable {
  /// Its id.
  public var id: String
  /// Its name; the provider picks one for a restreamed asset.
  public var name: String?
  /// The asset that it restreams; only told by the single record.
  public var assetID: String?
  /// When it was made, as the provider writes it: ISO 8601 in UTC.
  public var createdAt: String?
  /// Its state, from 2.0.
  public var state: String?
  /// Where it is played.
  public var playbackURL: String?

  /// Reads an answer of any version.
  public init(from decoder: any Decoder) throws {
    let fields = try LenientFields(decoder)
    guard let id = fields.text("id") else {
      throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "no id"))
    }
    self.id = id
    name = fields.text("name")
    assetID = fields.text("asset_id")
    createdAt = fields.text("created_at")
    state = fields.text("state")
    playbackURL = fields.text("player_hls_playback_url") ?? fields.text("playback_url")
  }
}

/// What a live stream does now.
public struct LiveStreamStatus: Sendable, Hashable, Decodable {
  /// `stopped`, `starting`, `started`, `stopping`, `resetting`; an open set of words.
  public var state: String

  /// Reads an answer of any version.
  public init(from decoder: any Decoder) throws {
    let fields = try LenientFields(decoder)
    guard let state = fields.text("state") else {
      throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "no state"))
    }
    self.state = state
  }
}
