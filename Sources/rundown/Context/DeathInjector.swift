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

  /// Reads the environment.
  /// - Throws: ``CommandError`` for an unknown fault point: a test whose process never dies proves nothing.
  static func fromEnvironment() throws -> any FaultInjector {
    #if DEBUG
      guard let text = ProcessContext.environment["RUNDOWN_FAULT"] else { return NoFaults() }
      let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
      guard parts.count <= 2, let point = FaultPoint.all.first(where: { $0.rawValue == parts[0] }),
        let count = parts.count == 2 ? Int(parts[1]) : 1, count > 0
      else {
        throw CommandError.input(
          "RD0303", "RUNDOWN_FAULT: '\(text)' is not a fault point[:number]",
          help: "points: \(FaultPoint.all.map(\.rawValue).joined(separator: ", "))")
      }
      return DeathInjector(point: point, count: count)
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
