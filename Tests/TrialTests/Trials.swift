import FoundationEssentials
import Testing

/// One trial at a time: each has a machine's worth of processes, and they are to disturb nobody but each other.
@Suite("Trials with real processes", .serialized)
enum Trials {
  /// What chance begins with: `RUNDOWN_FIRST_SEED`, as a failure printed it, else another one each time.
  static let seed =
    ProcessInfo.processInfo.environment["RUNDOWN_FIRST_SEED"].flatMap { UInt64($0) } ?? UInt64.random(in: 0..<1 << 32)

  /// Whether all points are tried where the ordinary run takes a sample.
  static let isExhaustive = ProcessInfo.processInfo.environment["RUNDOWN_EXHAUSTIVE"] == "1"
}
