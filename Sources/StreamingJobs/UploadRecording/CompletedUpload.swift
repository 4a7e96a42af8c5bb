/// The object that an upload in parts became, as its effect's result.
struct CompletedUpload: Codable, Sendable, Hashable {
  /// What the server identifies its content by.
  var etag: String?
  /// Whether someone else had stored the same content, so that our parts are not needed; nil if that is unknown.
  var isForeign: Bool?

  init(etag: String?, isForeign: Bool?) {
    self.etag = etag
    self.isForeign = isForeign
  }

  /// Also reads what earlier versions wrote: the entity tag alone.
  init(from decoder: any Decoder) throws {
    if let etag = try? decoder.singleValueContainer().decode(String.self) {
      (self.etag, isForeign) = (etag.isEmpty ? nil : etag, nil)
    } else {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      etag = try container.decodeIfPresent(String.self, forKey: .etag)
      isForeign = try container.decodeIfPresent(Bool.self, forKey: .isForeign)
    }
  }
}
