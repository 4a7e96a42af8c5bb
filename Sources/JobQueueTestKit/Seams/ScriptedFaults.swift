public import JobQueue
import Threading

/// A process that ended here, as far as a test is concerned.
public struct SimulatedCrash: Error, Sendable, Hashable {
  /// Where.
  public var point: FaultPoint

  /// Creates a crash.
  public init(at point: FaultPoint) {
    self.point = point
  }
}

/// Crashes at chosen arrivals of chosen points, and counts all arrivals.
public final class ScriptedFaults: FaultInjector, Sendable {
  private let crashes: [FaultPoint: Set<Int>]
  private let counts = MutexBox<[FaultPoint: Int]>([:])

  /// Creates the script: for each point, the arrivals (1 is the first) that throw ``SimulatedCrash``.
  public init(_ crashes: [FaultPoint: Set<Int>] = [:]) {
    self.crashes = crashes
  }

  /// Crashes at the n-th arrival of one point.
  public convenience init(at point: FaultPoint, arrival: Int = 1) {
    self.init([point: [arrival]])
  }

  /// Counts the arrival, and throws if the script says so.
  public func reached(_ point: FaultPoint) async throws {
    let arrival = counts.withLock { counts in
      counts[point, default: 0] += 1
      return counts[point, default: 0]
    }
    if crashes[point]?.contains(arrival) == true { throw SimulatedCrash(at: point) }
  }

  /// How often a point was reached.
  public func arrivals(at point: FaultPoint) -> Int {
    counts.withLock { $0[point] ?? 0 }
  }
}
