/// Where a setting came from.
public enum Origin: Sendable, Hashable, CustomStringConvertible {
  /// Built in.
  case builtIn
  /// A place in a file.
  case file(SourceLocation)
  /// An environment variable.
  case environment(String)
  /// A flag of the command line.
  case flag(String)

  /// For `config show --origin`.
  public var description: String {
    switch self {
    case .builtIn: "default"
    case .file(let location): "\(location)"
    case .environment(let name): name
    case .flag(let name): name
    }
  }
}

/// A value that knows where it came from.
public struct Sourced<Value: Sendable>: Sendable {
  /// The value in force.
  public var value: Value
  /// Who set it.
  public var origin: Origin

  /// Pairs a value with its origin.
  public init(_ value: Value, _ origin: Origin = .builtIn) {
    self.value = value
    self.origin = origin
  }
}

extension Sourced: Equatable where Value: Equatable {}
