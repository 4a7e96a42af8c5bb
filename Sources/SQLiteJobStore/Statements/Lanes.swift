import JobQueue

/// The statements that walk the lanes of a queue: the ready jobs of one gate and one concurrency key.
enum LaneStatements {
  /// Uses `job_claim`, like the next two: each finds its row in one step, however many jobs are in the lanes before.
  static let first = """
    SELECT gate, concurrency_key FROM job WHERE state = 'ready' AND queue = ?1 ORDER BY gate, concurrency_key LIMIT 1
    """

  /// Not one comparison of both columns: SQLite would seek the position and then walk over everything that is equal.
  static let nextKey = """
    SELECT gate, concurrency_key FROM job WHERE state = 'ready' AND queue = ?1 AND gate = ?2 AND concurrency_key > ?3
    ORDER BY concurrency_key LIMIT 1
    """

  static let nextGate = """
    SELECT gate, concurrency_key FROM job WHERE state = 'ready' AND queue = ?1 AND gate > ?2
    ORDER BY gate, concurrency_key LIMIT 1
    """

  /// Uses `job_concurrency`.
  static let running = """
    SELECT count(*) FROM job WHERE state = 'running' AND concurrency_key <> '' AND concurrency_key = ?1
    """
}

/// The ready jobs of a queue that share a gate and a concurrency key; the empty text means none.
struct Lane: Hashable {
  let gate: String
  let key: String
}

/// A lane from which jobs may be leased now.
struct OpenLane {
  let lane: Lane
  /// How many jobs with its concurrency key may still run, whatever lane they are in.
  let room: Int
  /// Whether the job that is leased becomes the probe of a half-open gate.
  let isProbe: Bool

  /// The maximum number of its own jobs.
  var most: Int { isProbe ? min(1, room) : room }
}

/// What may be leased within one call.
struct Lanes {
  private let request: LeaseRequest
  private var passes: [String: Pass] = [:]
  private var rooms: [String: Int] = [:]

  private enum Pass {
    case all
    case none
    case probe
  }

  init(_ request: LeaseRequest) {
    self.request = request
  }

  /// The lanes of a queue from which jobs may be leased.
  mutating func open(in queue: String, on connection: Connection, atMost most: Int = .max) throws -> [OpenLane] {
    var open: [OpenLane] = []
    var lane = try connection.lane(LaneStatements.first, queue)
    while let here = lane, open.count < most {
      let pass = try pass(here.gate, on: connection)
      guard pass != .none else {
        lane = try connection.lane(LaneStatements.nextGate, queue, here.gate)
        continue
      }
      let room = try room(here.key, on: connection)
      if room > 0 { open.append(OpenLane(lane: here, room: room, isProbe: pass == .probe)) }
      lane = try connection.lane(after: here, in: queue)
    }
    return open
  }

  /// Whether another job of this concurrency key may run.
  mutating func hasRoom(_ key: String, on connection: Connection) throws -> Bool { try room(key, on: connection) > 0 }

  /// Notes that a job was leased.
  mutating func take(_ leased: LeasedJob, on connection: Connection) throws {
    if let key = leased.job.concurrencyKey { rooms[key] = try room(key, on: connection) - 1 }
    guard let gate = leased.job.gate, passes[gate] == .probe else { return }
    try connection.run(GateStatements.probe, gate, leased.lease.job, leased.lease.owner, leased.lease.token)
    passes[gate] = Pass.none
  }

  private mutating func pass(_ gate: String, on connection: Connection) throws -> Pass {
    guard !gate.isEmpty else { return .all }
    if let known = passes[gate] { return known }
    let pass: Pass
    switch try connection.value(GateStatements.state, gate, as: Gate.State.self) {
    case .open, nil: pass = .all
    case .closed: pass = .none
    case .halfOpen: pass = try connection.value(GateStatements.liveProbe, gate, as: Int.self) == nil ? .probe : .none
    }
    passes[gate] = pass
    return pass
  }

  private mutating func room(_ key: String, on connection: Connection) throws -> Int {
    guard !key.isEmpty else { return .max }
    if let known = rooms[key] { return known }
    let running: Int = try connection.value(LaneStatements.running, key) ?? 0
    let room = max(0, request.concurrencyLimit(of: key) - running)
    rooms[key] = room
    return room
  }
}

extension Connection {
  func lane(after lane: Lane, in queue: String) throws -> Lane? {
    try self.lane(LaneStatements.nextKey, queue, lane.gate, lane.key)
      ?? self.lane(LaneStatements.nextGate, queue, lane.gate)
  }

  func lane<each Value: BoundValue>(_ sql: String, _ values: repeat each Value) throws -> Lane? {
    try first(sql, repeat each values) { Lane(gate: try $0.next(), key: try $0.next()) }
  }
}
