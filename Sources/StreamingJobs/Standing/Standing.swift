/// How a provider stands to what a job would bring about: what the job would find, said without doing anything.
public enum Standing: Sendable, Hashable, Codable {
  /// It is not there: the job would make it.
  case missing
  /// It is there as asked.
  /// - Parameters:
  ///   - id: its number at the provider, where it has one.
  ///   - unread: the fields that the provider does not tell.
  case asAsked(id: String?, unread: [String])
  /// It is there, and the job would write what differs.
  case changes([FieldDifference])
  /// It is there and differs, and the job would end without changing it.
  case refuses([FieldDifference])
  /// Something else is in the way, in a sentence: the job would end without doing anything.
  case blocked(String)
}
