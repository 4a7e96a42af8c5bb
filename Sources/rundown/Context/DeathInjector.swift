import Glibc
import JobQueue

/// Kills this process at a fault point: `RUNDOWN_FAULT=effect-performed:2` at the second arrival there.
///
/// Only in debug builds, for tests with real processes.
actor DeathInjector: FaultInjector {
  private let point: FaultPoint
  private var left: Int

  private init(point: FaultPoint, count: Int) {
    self.point = point
    left = count
  }

  /// What the environment asks for.
  static func fromEnvironment() -> any FaultInjector {
    #if DEBUG
      guard let text = ProcessContext.environment["RUNDOWN_FAULT"] else { return NoFaults() }
      let parts = text.split(separator: ":")
      guard let word = parts.first else { return NoFaults() }
      let count = parts.count == 2 ? Int(parts[1]) ?? 1 : 1
      return DeathInjector(point: FaultPoint(rawValue: String(word)), count: count)
    #else
      return NoFaults()
    #endif
  }

  func reached(_ point: FaultPoint) async throws {
    guard point == self.point else { return }
    left -= 1
    if left == 0 { kill(getpid(), SIGKILL) }
  }
}
