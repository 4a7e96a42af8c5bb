import JobQueue

/// Ensures that only one job at a time restreams an occurrence, or an asset and run.
///
/// Two jobs may restream the same thing without having the same unique key: one gives the asset by its id, the other by
/// its name, which is resolved only when they run. The first one writes a record, in the commit of a claim that has the
/// record's next number. Of two jobs that read the same record only one gets that number; the other one reads again.
///
/// An unfinished job keeps all others away. A finished one does not: a restream is an event, and another one may
/// follow. But an occurrence has at most one live stream, or the stop would not know which one to stop.
struct RestreamClaim {
  let parameters: RestreamAsset
  /// The asset's id.
  let asset: String
  let queue: any QueryStore
  let context: JobContext

  /// Another job has the claim: this one has nothing to do.
  struct Taken: Error {
    let job: JobID
    let record: OnAirRecord
  }

  /// How many other jobs may come first during one attempt.
  private static let mostTries = 20

  /// Takes the claim, unless this job already has it. Call it only once the provider has answered: a claim is the
  /// result of an effect, which opens the job's gate.
  /// - Returns: the number of this job's claim.
  /// - Throws: ``Taken``, or a verdict.
  func take() async throws -> Int {
    for _ in 0..<Self.mostTries {
      let found = try await place.value(in: queue, as: OnAirRecord.self)
      if let found {
        if found.job == context.job.id { return found.number }
        try await giveWay(to: found)
      }
      let number = (found?.number ?? 0) + 1
      do {
        try await begin(number)
        return number
      } catch let error as JobStoreError where error.code == .claimed {
        continue
      }
    }
    throw Verdict.snooze(for: .seconds(1), why: "other jobs are about to restream the same asset")
  }

  /// The record with the live stream's id.
  func made(_ stream: String, _ number: Int) throws -> RecordWrite { try write(number, stream) }

  private var place: RecordPlace {
    if let occurrence = parameters.occurrence { return .onAir(parameters.connection, occurrence: occurrence) }
    return .restream(parameters.connection, asset: asset, run: parameters.run)
  }

  private func begin(_ number: Int) async throws {
    let effect = "claim/\(number)"
    let claim = KeyText.name("\(place.collection):\(place.key)#\(number)")
    try context.record(write(number, nil), withResultOf: effect)
    _ = try await context.adopt(effect, claim: { _ in claim }, find: { _ in number })
  }

  private func write(_ number: Int, _ stream: String?) throws -> RecordWrite {
    try place.write(
      OnAirRecord(
        state: stream == nil ? .begun : .made, job: context.job.id, number: number, since: context.clock.now(),
        assetID: asset, liveStreamID: stream))
  }

  /// Returns if the other job leaves room for this one.
  private func giveWay(to found: OnAirRecord) async throws {
    let other = try await queue.jobs(JobQuery(ids: [found.job])).first
    if other?.state.isFinished == false { throw Taken(job: found.job, record: found) }
    guard let occurrence = parameters.occurrence, let stream = found.liveStreamID else { return }
    guard let state = other?.state, state != .completed else { throw Taken(job: found.job, record: found) }
    throw Verdict.dead(
      Failure(
        code: "claimed",
        message:
          "job \(found.job), which is \(state.rawValue), created live stream \(stream) for occurrence \(occurrence)",
        hint: "an occurrence has one live stream: rundown jobs retry \(found.job) brings it on air"))
  }
}
