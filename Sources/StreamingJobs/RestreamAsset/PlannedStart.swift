import JobQueue

/// Whether a restream may still start: its stop has not come first, and it is not too late.
///
/// The start and its stop know nothing of each other's attempts. Each records itself before it looks for the other one:
/// the start its ``OnAirRecord``, and the stop its ``OffAirRecord``. So at least one of them sees the other. The start
/// looks before it requests a live stream, and again before each request that starts one.
///
///     start                                      stop
///     ----------------------------------------------------------------------------------------------------------
///                                                records off air; there is no start: nothing to stop
///     begins; sees off air: cancelled
///
///     begins; nothing is off air
///                                                records off air; sees the start, which runs: waits for it
///     requests one; records the live stream's id
///     before it starts it: sees off air: cancelled
///                                                knows the id: stopped, and no job starts it any more
///
///     nothing is off air; is about to start it
///                                                records off air; the stream is stopped, but the start runs: waits
///     starts it
///                                                looks again: started, and stops it
///
///     starts it; the answer is lost; the worker dies
///                                                records off air; the stream is stopped, but the request may
///                                                still take effect: looks again once it no longer may
///
///     started; looks whether it is on air
///                                                records off air; stops it
///     it fell back to stopped: would start it
///     again, but sees off air: cancelled
struct PlannedStart {
  let parameters: RestreamAsset
  let queue: any QueryStore
  let context: JobContext

  /// The stop of the occurrence, if it came first.
  func stop() async throws -> OffAirRecord? {
    guard let occurrence = parameters.occurrence else { return nil }
    return try await RecordPlace.offAir(parameters.connection, occurrence: occurrence)
      .value(in: queue, as: OffAirRecord.self)
  }

  /// Whether it is too late to request anything.
  var isLate: Bool { parameters.deadline.map { context.clock.now() >= $0 } ?? false }

  /// Call it right before requesting a live stream.
  func mayMake() async throws {
    if let stop = try await stop() { throw Self.cancelled(by: stop) }
    if isLate { throw tooLate("no live stream was created") }
  }

  /// Call it right before requesting the start of a live stream.
  /// - Parameter asked: when this job first requested the start; nil if it did not.
  /// - Returns: whether it may be requested. If it is too late, an earlier request is only observed.
  func mayStart(_ stream: String, askedAt asked: Timestamp?) async throws -> Bool {
    if let stop = try await stop() { throw Self.cancelled(by: stop) }
    if let asked, let stop = try await stop(of: stream), stop.since >= asked { throw Self.cancelled(by: stop) }
    guard isLate else { return true }
    guard asked != nil else { throw tooLate("live stream \(stream) was created and not started") }
    return false
  }

  /// The newest stop of a stream that was given by its id.
  private func stop(of stream: String) async throws -> OffAirRecord? {
    try await RecordPlace.offAir(parameters.connection, stream: stream).value(in: queue, as: OffAirRecord.self)
  }

  static func cancelled(by stop: OffAirRecord) -> Verdict { .cancel(why: "its stop came first: job \(stop.job)") }

  /// A start that comes after the planned stop would never be ended.
  func tooLate(_ what: String) -> Verdict {
    .dead(
      Failure(
        code: "too-late",
        message: "the restream was to begin before \(parameters.notAfter ?? ""), which has passed; \(what)",
        hint: "rundown jobs show says what kept it waiting; enqueue it again if it is still wanted"))
  }
}
