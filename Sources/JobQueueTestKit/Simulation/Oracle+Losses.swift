import JobQueue

/// A job that was taken from a worker whose lease had run out, because the worker crashed or was paused.
struct ExpectedLoss {
  let job: JobID
  let worker: WorkerID
  /// When it counts as a crash, if nothing is heard from the worker.
  let due: Timestamp

  func isCrash(_ sightings: WorkerSightings, at now: Timestamp) -> Bool {
    sightings.gone.contains(worker) || due <= now && !sightings.alive.contains(worker)
  }
}

extension Oracle {
  /// Predicts how a look for lost workers changes a job's crashes, and whether they end it.
  func foretell(_ old: Job, _ sightings: WorkerSightings, _ now: Timestamp) -> (crashes: Int, isDead: Bool) {
    var crashes = old.crashes
    guard !old.state.isFinished else { return (crashes, false) }
    for loss in losses where loss.job == old.id && loss.isCrash(sightings, at: now) {
      crashes += 1
      if old.state == .ready, crashes >= Self.crashLimit { return (crashes, true) }
    }
    guard old.state == .running, isLost(old, sightings, now) else { return (crashes, false) }
    if let owner = old.leaseOwner, sightings.gone.contains(owner) { crashes += 1 }
    return (crashes, crashes >= Self.crashLimit && !old.cancelRequested)
  }

  private func isLost(_ job: Job, _ sightings: WorkerSightings, _ now: Timestamp) -> Bool {
    let isOver = job.leaseExpiresAt.map { $0 <= now } ?? false
    return isOver || job.leaseOwner.map { sightings.gone.contains($0) } ?? false
  }

  /// A worker reported that it is alive, or was removed from the list: its losses are no crashes.
  mutating func forgetLosses(of worker: WorkerID) { losses.removeAll { $0.worker == worker } }

  /// Updates which losses are open after a verb.
  mutating func noteLosses(after verb: Verb, _ after: [JobID: Job], at now: Timestamp) {
    switch verb {
    case .extend(let worker): losses.removeAll { $0.worker == worker }
    case .retry(let job) where jobs[job]?.state.isFinished == true && after[job]?.state.isFinished == false:
      losses.removeAll { $0.job == job }
    case .reap(let sightings):
      counts.lateCrashes += losses.count { loss in
        loss.isCrash(sightings, at: now) && jobs[loss.job]?.state.isFinished == false
      }
      losses.removeAll { $0.isCrash(sightings, at: now) }
      for (id, old) in jobs where old.state == .running && after[id]?.state == .ready {
        guard let owner = old.leaseOwner, !sightings.gone.contains(owner) else { continue }
        losses.append(ExpectedLoss(job: id, worker: owner, due: now + LeaseTerms.standard.duration))
      }
    default: break
    }
  }
}
