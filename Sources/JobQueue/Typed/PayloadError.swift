/// A stored payload that cannot be decoded as its type's parameters.
public enum PayloadError: Error, Sendable, Hashable {
  /// Written by a newer program: it waits for a newer worker.
  case newerVersion(kind: String, stored: Int, known: Int)
  /// Too old to be upgraded.
  case noUpcaster(kind: String, from: Int)
  /// Not what the type expects.
  case malformed(kind: String, cause: String)
  /// There is no handler for this kind: it waits for a worker that has one.
  case unknownKind(String)
}

extension PayloadError: CustomStringConvertible {
  /// One line for a person.
  public var description: String {
    switch self {
    case .newerVersion(let kind, let stored, let known):
      "\(kind): the payload has version \(stored), but this worker only knows versions up to \(known)"
    case .noUpcaster(let kind, let version): "\(kind): a payload of version \(version) cannot be upgraded"
    case .malformed(let kind, let cause): "\(kind): cannot read the payload: \(cause)"
    case .unknownKind(let kind): "no handler for jobs of kind \(kind) in this worker"
    }
  }
}
