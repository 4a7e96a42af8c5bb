/// A field at a provider that differs from the request, with both values.
public struct FieldDifference: Sendable, Hashable, Codable {
  /// The field, as the provider calls it.
  public var field: String
  /// The value found; nil if nothing is set, and for a secret.
  public var found: String?
  /// The requested value; nil for a secret, which is never shown.
  public var wanted: String?

  /// Creates a difference.
  /// - Parameters:
  ///   - field: the field, as the provider calls it.
  ///   - found: the value found; nil if nothing is set.
  ///   - wanted: the requested value; nil for a secret.
  public init(field: String, found: String? = nil, wanted: String?) {
    self.field = field
    self.found = found
    self.wanted = wanted
  }

  /// `streamName is 'cam-1', not 'cam-01'`; for a secret only that it differs.
  public var sentence: String {
    guard let wanted else { return "\(field) differs" }
    return "\(field) is \(found.map { "'\($0)'" } ?? "nothing"), not '\(wanted)'"
  }
}
