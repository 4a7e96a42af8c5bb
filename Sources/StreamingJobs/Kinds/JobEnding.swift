public import JobQueue

/// The job that ends what another job starts.
public struct JobEnding: Sendable, Hashable {
  /// How its kind is found.
  public enum Kind: Sendable, Hashable {
    /// The kind with this role for manifests.
    case role(ResourceRole)
    /// The kind for this end of a time on air.
    case airtime(Airtime)
  }

  /// How its kind is found.
  public var kind: Kind
  /// Its parameters by their names; without the occurrence, which its schedule adds.
  public var parameters: [String: JSONValue]

  /// Describes it.
  public init(_ kind: Kind, _ parameters: [String: JSONValue]) { (self.kind, self.parameters) = (kind, parameters) }
}
