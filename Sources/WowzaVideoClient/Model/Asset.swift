/// A video file in the account's asset manager.
public struct Asset: Sendable, Hashable, Decodable {
  /// Its id.
  public var id: String
  /// Its name; others may have the same.
  public var name: String?
  /// Where it is in its life; an open set of words.
  public var state: String?
  /// How far processing is, 0 to 100.
  public var processingPercentage: Int64?
  /// How long it plays, in seconds.
  public var duration: Int64?
  /// Why it failed; from 2.0.
  public var reason: String?

  /// Reads an answer of any version.
  public init(from decoder: any Decoder) throws {
    let fields = try LenientFields(decoder)
    guard let id = fields.text("id") else {
      throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "no id"))
    }
    self.id = id
    name = fields.text("name")
    state = fields.text("state")
    processingPercentage = fields.whole("processing_percentage")
    duration = fields.whole("duration")
    reason = fields.text("reason")
  }
}
