/// A field at a provider that is not as asked, with both values.
public struct FieldDifference: Sendable, Hashable, Codable {
  /// The field, as the provider calls it.
  public var field: String
  /// What is there; nil when nothing is set, and for a secret.
  public var found: String?
  /// What was asked; nil for a secret, which is never told.
  public var wanted: String?

  /// Names a difference.
  /// - Parameters:
  ///   - field: the field, as the provider calls it.
  ///   - found: what is there; nil when nothing is set.
  ///   - wanted: what was asked; nil for a secret.
  public init(field: String, found: String? = nil, wanted: String?) {
    self.field = field
    self.found = found
    self.wanted = wanted
  }

  /// `streamName is 'cam-1', not 'cam-01'`; of a secret only that it differs.
  public var sentence: String {
    guard let wanted else { return "\(field) differs" }
    return "\(field) is \(found.map { "'\($0)'" } ?? "nothing"), not '\(wanted)'"
  }
}
