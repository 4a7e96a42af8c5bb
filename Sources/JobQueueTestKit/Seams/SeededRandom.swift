public import JobQueue
import Threading

/// Randomness that is the same in every run: SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number
/// generators", 2014), seeded with its first state.
public final class SeededRandom: RandomSource, RandomNumberGenerator, Sendable {
  private let state: MutexBox<UInt64>

  /// Creates a source; equal seeds give equal numbers.
  public init(seed: UInt64) {
    state = MutexBox(seed)
  }

  /// The next 64 bits.
  public func next() -> UInt64 {
    let raw = state.withLock { state in
      state &+= 0x9E37_79B9_7F4A_7C15
      return state
    }
    let once = (raw ^ (raw >> 30)) &* 0xBF58_476D_1CE4_E5B9
    let twice = (once ^ (once >> 27)) &* 0x94D0_49BB_1331_11EB
    return twice ^ (twice >> 31)
  }

  /// A number in `0..<bound`, nearly uniformly distributed for small bounds.
  public func below(_ bound: Int) -> Int {
    Int(next() % UInt64(bound))
  }

  /// True in `part` of `whole` cases.
  public func chance(_ part: Int, in whole: Int) -> Bool {
    below(whole) < part
  }
}
