/// A video file of an account's library.
public struct Asset: Sendable, Hashable {
  /// The server's id.
  public var id: String
  /// Its name; not unique.
  public var name: String?
  /// Its progress.
  public var state: AssetState?
  /// The uploaded file's name; the server has replaced some characters in it.
  public var fileName: String?
  /// Seconds of video.
  public var duration: Double?
  /// 0 to 100.
  public var processingPercentage: Double?
  /// Its playback URL.
  public var playbackURL: String?
  /// Whether it may be played (`published` in 2.0).
  public var playbackEnabled: Bool?
  /// Why it failed (2.0).
  public var reason: String?
  /// Seconds since 1970.
  public var createdAt: Int64?
  /// Seconds since 1970.
  public var updatedAt: Int64?

  /// When the server returned this, by its own clock; seconds since 1970. Nil in a list, or if the server did not say.
  public var answeredAt: Int64?

  /// Reads an answer; nil without an id. `upload_url` and `download_url` alone give access, so they are not read.
  init?(_ value: VideoValue) {
    guard let id = value["id"]?.text, !id.isEmpty else { return nil }
    self.id = id
    name = value["name"]?.text
    state = value["state"]?.text.map { AssetState(told: $0) }
    fileName = value["file_name"]?.text
    duration = value["duration"]?.amount
    processingPercentage = value["processing_percentage"]?.amount
    playbackURL = value["playback_url"]?.text
    playbackEnabled = value["playback_enabled"]?.flag ?? value["published"]?.flag
    reason = value["reason"]?.text
    createdAt = value["created_at"]?.instant
    updatedAt = value["updated_at"]?.instant
  }
}

/// The progress of an asset; an open set of words.
public struct AssetState: RawRepresentable, Sendable, Hashable {
  /// The server's word.
  public let rawValue: String
  /// Wraps a word.
  public init(rawValue: String) { self.rawValue = rawValue }
  /// The word as the service wrote it, perhaps in capitals; an unknown one stays as it is.
  init(told word: String) {
    let known = [Self.uploading, .processing, .completed, .failed]
    self = known.first { $0.rawValue == word.lowercased() } ?? Self(rawValue: word)
  }
  /// Created, but not completely uploaded.
  public static let uploading = AssetState(rawValue: "uploading")
  /// Being encoded.
  public static let processing = AssetState(rawValue: "processing")
  /// Ready to be restreamed.
  public static let completed = AssetState(rawValue: "completed")
  /// Will never be ready.
  public static let failed = AssetState(rawValue: "failed")
}
