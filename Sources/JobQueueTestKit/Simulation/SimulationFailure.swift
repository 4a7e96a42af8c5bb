/// A promise that was broken in a simulation. The same seed breaks it again.
public struct SimulationFailure: Error, Sendable, Hashable, CustomStringConvertible {
  /// The seed.
  public var seed: UInt64
  /// The promise, and how it was broken.
  public var what: String
  /// The last steps before it, oldest first.
  public var steps: [String]

  /// The trace, for a person.
  public var description: String {
    "seed \(seed): \(what)\n  " + steps.joined(separator: "\n  ")
  }
}

/// A broken promise, before it is known in which run.
struct InvariantViolation: Error {
  let what: String
}

func promise(_ holds: Bool, _ what: @autoclosure () -> String) throws {
  guard holds else { throw InvariantViolation(what: what()) }
}
