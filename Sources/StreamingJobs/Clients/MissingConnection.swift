/// A connection that a job names but the worker's configuration does not have.
public struct MissingConnection: Error, Sendable, Hashable, CustomStringConvertible {
  /// The kind of connection.
  public var kind: ConnectionKind
  /// The name that the job gives.
  public var name: String
  /// The names that the configuration has.
  public var known: [String]

  /// Creates the error.
  public init(kind: ConnectionKind, name: String, known: [String]) {
    self.kind = kind
    self.name = name
    self.known = known.sorted()
  }

  /// One line for a person.
  public var description: String {
    let have = known.isEmpty ? "there are none" : "known: \(known.joined(separator: ", "))"
    return "the worker's configuration has no \(kind.phrase) '\(name)' under connections.\(kind.rawValue) (\(have))"
  }
}
