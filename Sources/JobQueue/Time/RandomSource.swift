/// The only source of randomness for the engine: the system's in production, a seeded one in tests.
public protocol RandomSource: Sendable {
  /// The next 64 random bits.
  func next() -> UInt64
}

extension RandomSource {
  /// A number in `0..<1`, uniformly distributed.
  public func uniform() -> Double {
    Double(next() >> 11) * 0x1p-53
  }
}

/// The system's random numbers.
public struct SystemRandom: RandomSource {
  /// Creates the source; it has no state.
  public init() {}

  /// The next 64 random bits from the system.
  public func next() -> UInt64 {
    var generator = SystemRandomNumberGenerator()
    return generator.next()
  }
}
