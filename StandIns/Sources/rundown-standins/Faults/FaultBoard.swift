import FoundationEssentials

/// All faults that were switched on; decides which of them strike a request.
actor FaultBoard {
  struct Posted: Sendable {
    let id: Int
    let fault: Fault
    let since: Date
    var applied = 0
  }

  /// More than any test needs; a runaway script must not fill the memory.
  static let limit = 1000

  private let time: StandInTime
  private var random: SeededRandom
  private var posted: [Posted] = []
  private var lastID = 0

  init(time: StandInTime, random: SeededRandom) {
    self.time = time
    self.random = random
  }

  /// Adds a fault; nil if the board is full.
  func post(_ fault: Fault) -> Posted? {
    guard posted.count < Self.limit else { return nil }
    lastID += 1
    let new = Posted(id: lastID, fault: fault, since: time.now())
    posted.append(new)
    return new
  }

  func all() -> [(posted: Posted, active: Bool)] {
    let now = time.now()
    return posted.map { ($0, isActive($0, at: now)) }
  }

  /// Removes one fault, or all of them; returns what was removed.
  func remove(id: Int? = nil) -> [Fault] {
    let removed = posted.filter { id == nil || $0.id == id }
    posted.removeAll { id == nil || $0.id == id }
    return removed.map(\.fault)
  }

  /// The faults that strike `request` at `moment`, each counted: any number of slow ones and at most one of the others.
  func strike(_ request: Request, at listener: String, moment: Fault.Moment) -> [Fault] {
    let now = time.now()
    var struck: [Fault] = []
    for index in posted.indices {
      let fault = posted[index].fault
      guard fault.kind != .down, fault.listener == listener, fault.moment == moment, fault.matches(request),
        isActive(posted[index], at: now)
      else { continue }
      if let probability = fault.probability, Double.random(in: 0..<1, using: &random) >= probability { continue }
      posted[index].applied += 1
      struck.append(fault)
      if fault.kind != .slow { break }
    }
    return struck
  }

  private func isActive(_ posted: Posted, at now: Date) -> Bool {
    if let count = posted.fault.count, posted.applied >= count { return false }
    if let seconds = posted.fault.durationSeconds, now >= posted.since.addingTimeInterval(seconds) { return false }
    return true
  }
}
