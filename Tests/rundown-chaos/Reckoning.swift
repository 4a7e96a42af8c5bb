/// What the providers hold in the end, beside what was wanted.
struct Reckoning: Sendable {
  let wanted: Set<Thing>
  /// What is there as it was asked for.
  private(set) var created: Set<Thing> = []
  /// Second creations that the providers counted, and things that nobody asked for.
  private(set) var duplicates = 0
  private(set) var completed: Set<Thing> = []
  /// Second creations of a map entry that an engine refused: allowed, since it can tell them.
  private(set) var conflicts = 0
  private(set) var requests = 0
  /// One line for each thing that is not as it should be.
  private(set) var troubles: [String] = []

  /// Wanted things that are not there, or whose job is not completed.
  var lost: Set<Thing> { wanted.subtracting(created.intersection(completed)) }

  init(
    wanted: Set<Thing>, _ jobs: [QueueView.Job], _ sights: [Thing.Account: ControlAPI.Sight], _ objects: HeldObjects
  ) {
    self.wanted = wanted
    for job in jobs {
      if job.state == "completed", let thing = job.thing {
        completed.insert(thing)
      } else {
        troubles.append(
          "job \(job.id) \(job.kind) is \(job.state) after \(job.attempts) attempts, \(job.failures) failures, "
            + "\(job.crashes) crashes: \(job.failure.map { "\($0.code): \($0.message)" } ?? job.waitReason ?? "")")
      }
    }
    for (account, sight) in sights { count(sight.counts, sight.state, account) }
    for (key, isSame) in objects.objects where !key.contains("calm") {
      find(.upload(key), isRight: isSame, "its content is another")
    }
    if objects.pending > 0 {
      duplicates += objects.pending
      troubles.append("\(objects.pending) uploads in parts were never ended")
    }
    troubles += lost.subtracting(created).sorted().map { "\($0.kind.rawValue) \($0.place)/\($0.name) is not there" }
  }

  private mutating func count(_ counts: ControlAPI.Counts, _ state: ControlAPI.State, _ account: Thing.Account) {
    requests += counts.requests
    conflicts += counts.conflicts
    duplicates += counts.duplicates
    if counts.duplicates > 0 {
      let names = counts.madeAgain.joined(separator: ", ")
      troubles.append("\(counts.duplicates) second creations at the providers of \(account.rawValue): \(names)")
    }
    for (engine, applications) in state.engines {
      for (application, entries) in applications {
        // In another application nobody asked for any.
        let place = application == StormJob.application ? engine : "\(engine)/\(application)"
        for entry in entries {
          find(
            Thing(kind: .mapEntry, place: place, name: entry.entryName),
            isRight: entry.sourceStreamName == entry.entryName, "its source is \(entry.sourceStreamName ?? "missing")")
        }
      }
    }
    for target in state.targets {
      let bucket = target.name.hasPrefix("cdn-") ? String(target.name.dropFirst(4)) : target.name
      find(
        Thing(kind: .target, place: account.rawValue, name: bucket),
        isRight: target.origin == "https://\(bucket).s3.\(StormJob.region).amazonaws.com",
        "its origin is \(target.origin ?? "missing")")
    }
    for stream in state.liveStreams {
      find(
        Thing(kind: .liveStream, place: account.rawValue, name: stream.asset), isRight: stream.state == "started",
        "its state is \(stream.state)")
    }
  }

  private mutating func find(_ thing: Thing, isRight: Bool, _ otherwise: String) {
    let name = "\(thing.kind.rawValue) \(thing.place)/\(thing.name)"
    if !wanted.contains(thing) {
      duplicates += 1
      troubles.append("\(name) is there and nobody asked for it")
    } else if isRight {
      created.insert(thing)
    } else {
      troubles.append("\(name): \(otherwise)")
    }
  }
}
