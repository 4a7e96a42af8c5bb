import JobQueue

/// Does something else at an arrival at a point, the first unless told: the other column of a timeline.
actor Meanwhile: FaultInjector {
  private let point: FaultPoint
  private var before: Int
  private var body: (@Sendable () async throws -> Void)?

  init(at point: FaultPoint, arrival: Int = 1, _ body: @escaping @Sendable () async throws -> Void) {
    self.point = point
    before = arrival - 1
    self.body = body
  }

  func reached(_ point: FaultPoint) async throws {
    guard point == self.point, let body else { return }
    guard before == 0 else {
      before -= 1
      return
    }
    self.body = nil
    try await body()
  }
}
