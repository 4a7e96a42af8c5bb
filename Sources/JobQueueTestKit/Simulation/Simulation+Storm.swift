import Glibc
public import JobQueue

extension Simulation {
  /// The seeds to run: `RUNDOWN_SEEDS` of them (by default `count`), starting at `RUNDOWN_FIRST_SEED` (by default 1).
  public static func seeds(count: Int = 2000) -> Range<UInt64> {
    let first = number("RUNDOWN_FIRST_SEED") ?? 1
    return first..<(first + (number("RUNDOWN_SEEDS") ?? UInt64(count)))
  }

  /// Makes many runs, on several stores at once.
  ///
  /// There is at least one store; each is used for one run after another.
  /// - Returns: the sum of all runs.
  /// - Throws: ``SimulationFailure``.
  public static func storm(
    _ seeds: Range<UInt64>, on stores: [any JobStore], steps: Int = 80
  ) async throws -> Summary {
    try await withThrowingTaskGroup(of: Summary.self) { group in
      for (index, store) in stores.enumerated() {
        group.addTask {
          var sum = Summary()
          for seed in seeds where Int(seed % UInt64(stores.count)) == index {
            try Task.checkCancellation()
            // A run never waits for anything outside; without this, a few storms would occupy every thread of the pool.
            await Task.yield()
            sum += try await Simulation(seed: seed, steps: steps, store: store).run()
          }
          return sum
        }
      }
      return try await group.reduce(into: Summary()) { $0 += $1 }
    }
  }

  private static func number(_ name: String) -> UInt64? {
    getenv(name).flatMap { UInt64(String(cString: $0)) }
  }
}
