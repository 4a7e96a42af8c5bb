/// The standing, at a provider, of what a job would create: what the job would find, without doing anything.
public enum Standing: Sendable, Hashable, Codable {
  /// It does not exist: the job would create it.
  case missing
  /// It exists as requested.
  /// - Parameters:
  ///   - id: its id at the provider, if it has one.
  ///   - unread: the fields that the provider does not report.
  case asAsked(id: String?, unread: [String])
  /// It exists, and the job would write what differs.
  case changes([FieldDifference])
  /// It exists and differs, and the job would end without changing it.
  case refuses([FieldDifference])
  /// Something else is in the way, as a sentence: the job would end without doing anything.
  case blocked(String)
}
