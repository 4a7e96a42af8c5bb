import JobQueue

extension Tables {
  /// The running job with a unique key that was cancelled and has not ended yet.
  func endingJob(of key: String?) -> JobID? {
    guard let key else { return nil }
    return jobs.values.first {
      $0.uniqueKey == key && $0.mayHaveSuccessor && $0.state == .running && $0.cancelRequested
    }?.id
  }

  /// A job starts, or starts over: it waits for the end of its predecessor, or takes over what is unresolved of those
  /// that have ended.
  mutating func follow(_ job: JobID, key: String?, at now: Timestamp) {
    doubts.remove(job)
    if let predecessor = endingJob(of: key) {
      awaitedEnds[job] = predecessor
    } else {
      takeOver(key, by: job, at: now)
    }
  }

  /// A job has ended: what is unresolved stays a doubt, and a job that waits for this end goes on.
  mutating func settleDoubt(of id: JobID, at now: Timestamp) throws {
    awaitedEnds[id] = nil
    guard let job = jobs[id] else { return }
    if !unresolved(of: id, at: now).isEmpty, job.mayHaveSuccessor, job.state != .completed || doubts.contains(id) {
      doubts.insert(id)
    } else {
      doubts.remove(id)
    }
    for (heir, predecessor) in awaitedEnds where predecessor == id {
      awaitedEnds[heir] = nil
      takeOver(job.uniqueKey, by: heir, at: now)
      if let heir = jobs[heir] { try updateBlocked(heir, at: now) }
    }
  }

  /// An attempt that still runs has no end.
  func openIntents(of job: JobID) -> [InheritedIntent] {
    unresolved(of: job, (attempts[job] ?? []).map { (startedAt: $0.startedAt, endedAt: $0.endedAt) })
  }

  private func unresolved(of job: JobID, at now: Timestamp) -> [InheritedIntent] {
    unresolved(of: job, (attempts[job] ?? []).map { (startedAt: $0.startedAt, endedAt: Optional($0.endedAt ?? now)) })
  }

  private func unresolved(
    of job: JobID, _ attempts: [(startedAt: Timestamp, endedAt: Timestamp?)]
  ) -> [InheritedIntent] {
    (effects[job] ?? [:]).values.filter { $0.record.result == nil && $0.unsettled > 0 }.map { effect in
      InheritedIntent(
        name: effect.record.name, firstIntendedAt: effect.record.firstIntendedAt, touchedAt: effect.record.touchedAt,
        intents: effect.record.intents, unsettled: effect.unsettled, attempts: attempts)
    }
  }

  private mutating func takeOver(_ key: String?, by heir: JobID, at now: Timestamp) {
    guard let key else { return }
    let formers = doubts.filter { jobs[$0]?.uniqueKey == key && jobs[$0]?.state.isFinished == true && $0 != heir }
    for former in formers.sorted() {
      for intent in unresolved(of: former, at: now) { inherit(intent, from: former, by: heir) }
      doubts.remove(former)
    }
  }

  private mutating func inherit(_ intent: InheritedIntent, from former: JobID, by heir: JobID) {
    let name = intent.name
    let own = effects[heir]?[name]
    guard own?.record.result == nil else { return }
    let both = intent.merged(
      with: own.map { own in
        InheritedIntent(
          name: name, firstIntendedAt: own.record.firstIntendedAt, touchedAt: own.record.touchedAt,
          intents: own.record.intents, unsettled: own.unsettled)
      })
    let record = EffectRecord(
      name: name, firstIntendedAt: both.firstIntendedAt, touchedAt: both.touchedAt, intents: both.intents)
    effects[heir, default: [:]][name] = Effect(record: record, unsettled: both.unsettled, claim: nil)
    for (key, json) in checkpoints[former] ?? [:] where intent.owns(checkpoint: key) {
      checkpoints[heir, default: [:]][key] = checkpoints[heir]?[key] ?? json
    }
    let (old, new) = (EffectName(job: former, name: name), EffectName(job: heir, name: name))
    for key in units.keys where units[key]?.contains(where: { $0.effect == new }) == false {
      units[key]?.indices.forEach { index in
        if units[key]?[index].effect == old { units[key]?[index].effect = new }
      }
    }
  }
}

extension Job {
  /// Whether another job with its unique key can follow it.
  var mayHaveSuccessor: Bool { uniqueKey != nil && uniqueness != .permanent }
}
