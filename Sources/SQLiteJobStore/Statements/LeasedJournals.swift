import JobQueue

/// The statements that read the journals of leased jobs: one for all jobs of a call, since its overhead exceeds the
/// work for one job.
enum LeasedJournalStatements {
  static let effects = """
    SELECT job, name, first_intended_at, touched_at, intents, result, origin FROM effect
    WHERE job IN (SELECT c0 FROM rows(?1)) LIMIT ?2
    """

  static let checkpoints = "SELECT job, key, json FROM checkpoint WHERE job IN (SELECT c0 FROM rows(?1)) LIMIT ?2"

  static let outputs = """
    SELECT child, job.id, job.kind, job.output FROM job_parent JOIN job ON job.id = parent
    WHERE child IN (SELECT c0 FROM rows(?1)) AND job.state = 'completed' AND job.output IS NOT NULL LIMIT ?2
    """

  /// How many rows each statement reads while others cannot write. For an upload of thousands of parts the handler
  /// reads them itself, which blocks no writer.
  static let mostRows = 1000
}

extension Connection {
  /// Adds to leased jobs what they have recorded so far and the outputs of their parents.
  func addJournals(to leased: inout [LeasedJob]) throws {
    guard !leased.isEmpty else { return }
    let outputs = try parentOutputs(of: leased)
    let journals = try journals(of: leased)
    for index in leased.indices {
      let job = leased[index].job.id
      leased[index].parentOutputs = outputs.map { $0[job] ?? [] }
      leased[index].journal = journals.map { $0[job] ?? Journal() }
    }
  }

  /// - Returns: nil if they are too large.
  private func journals(of leased: [LeasedJob]) throws -> [JobID: Journal]? {
    // A first attempt finds only what an earlier job of its key left.
    let written = leased.filter { $0.lease.token > 1 || $0.job.uniqueKey != nil }
    guard !written.isEmpty else { return [:] }
    var journals: [JobID: Journal] = [:]
    let effects = try all(LeasedJournalStatements.effects, batch(written), LeasedJournalStatements.mostRows + 1) {
      row in
      (try row.next(JobID.self), try EffectRecord.read(&row))
    }
    let checkpoints = try all(
      LeasedJournalStatements.checkpoints, batch(written), LeasedJournalStatements.mostRows + 1
    ) { row in
      (try row.next(JobID.self), key: try row.next(String.self), json: try row.next(String.self))
    }
    guard max(effects.count, checkpoints.count) <= LeasedJournalStatements.mostRows else { return nil }
    for (job, effect) in effects { journals[job, default: Journal()].effects[effect.name] = effect }
    for (job, key, json) in checkpoints { journals[job, default: Journal()].checkpoints[key] = json }
    return journals
  }

  /// - Returns: nil if they are too many.
  private func parentOutputs(of leased: [LeasedJob]) throws -> [JobID: [ParentOutput]]? {
    let rows = try all(LeasedJournalStatements.outputs, batch(leased), LeasedJournalStatements.mostRows + 1) { row in
      (
        child: try row.next(JobID.self),
        output: ParentOutput(job: try row.next(), kind: try row.next(), output: try row.next())
      )
    }
    guard rows.count <= LeasedJournalStatements.mostRows else { return nil }
    return Dictionary(grouping: rows, by: \.child).mapValues { $0.map(\.output).sorted { $0.job < $1.job } }
  }

  private func batch(_ leased: [LeasedJob]) -> RowBatch { RowBatch(leased) { $0.job.id } }
}

extension EffectRecord {
  /// Reads name, times, intents, result and origin.
  static func read(_ row: inout Row) throws -> EffectRecord {
    EffectRecord(
      name: try row.next(), firstIntendedAt: try row.next(), touchedAt: try row.next(), intents: try row.next(),
      result: try row.next(), origin: try row.next())
  }
}
