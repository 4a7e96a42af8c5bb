import JobQueue

/// Does something else at the first arrival at a point: the other column of a timeline.
actor Meanwhile: FaultInjector {
  private let point: FaultPoint
  private var body: (@Sendable () async throws -> Void)?

  init(at point: FaultPoint, _ body: @escaping @Sendable () async throws -> Void) {
    self.point = point
    self.body = body
  }

  func reached(_ point: FaultPoint) async throws {
    guard point == self.point, let body else { return }
    self.body = nil
    try await body()
  }
}
