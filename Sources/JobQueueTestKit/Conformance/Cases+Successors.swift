import JobQueue

extension StoreConformance {
  private static let keyed = NewJob(kind: "work", uniqueKey: "k")

  /// A job that requested `e` and was cancelled while it ran; at 3 s.
  private static func calledOff(_ bench: StoreBench, intending: Bool = true) async throws -> LeasedJob {
    let leased = try await bench.running(keyed)
    if intending { try await bench.store.write([.intent(effect: "e")], under: leased.lease, at: at(2)) }
    _ = try await bench.store.cancel([leased.job.id], why: "enough", at: at(3))
    return leased
  }

  // caller                                 worker
  //                                        runs job 1, requests `e` from the provider
  // cancels job 1, enqueues it again as 2
  //                                        ends job 1, whose request may still take effect
  //                                        runs job 2, which knows about the request
  static let successors: [Case] = [
    Case("a running job that is cancelled holds its unique key no more; the next one waits until it has ended") {
      bench in
      let former = try await calledOff(bench)
      let receipt = try await bench.enqueue([keyed], at: at(4))[0]
      try expect(receipt.alreadyPresent, is: false, "already present")
      try expect(receipt.state, is: .blocked, "state")
      let reason = try await bench.job(receipt.id).waitReason
      try expect(reason?.contains("\(former.job.id)") == true, "a wait reason that names the former job")
      let again = try await bench.enqueue([keyed], at: at(5))[0]
      try expect(again, is: EnqueueReceipt(id: receipt.id, state: .blocked, alreadyPresent: true), "the second receipt")
      try expect(try await bench.lease(10, at: at(6)).count, is: 0, "leases")
    },
    Case("whatever ends a job that was cancelled releases the next one, and its open intents go with it") { bench in
      let ends: [Outcome?] = [
        .cancelled(why: "asked"), .retry(at: at(60), broken, why: "again"), .dead(broken), .handBack(why: "shutdown"),
        nil,
      ]
      for (index, end) in ends.enumerated() {
        let former = try await calledOff(bench)
        let heir = try await bench.enqueue([keyed], at: at(4))[0].id
        if let end {
          try await bench.end(former, end, at: at(7))
        } else {
          try expect(try await bench.lose(former, at: at(7)), is: .cancelled, "the former one's state")
        }
        let job = try await bench.job(heir)
        try expect(job.state, is: .ready, "state after end \(index)")
        try expect(job.waitReason, is: nil, "wait reason")
        let effect = try await bench.effect("e", of: heir)
        try expect(effect.firstIntendedAt, is: at(2), "first intended at")
        // A request may have been sent as late as the attempt's end.
        try expect(effect.touchedAt, is: at(7), "touched at")
        try expect(effect.result, is: nil, "result")
        try await bench.end(try await bench.leaseOne(at: at(8)), done, at: at(8))
      }
    },
    Case("a job that was cancelled and completes after all leaves nothing open") { bench in
      let former = try await calledOff(bench)
      let heir = try await bench.enqueue([keyed], at: at(4))[0].id
      try await bench.store.write(
        [.result(effect: "e", json: "1", origin: .performed, claim: nil)], under: former.lease, at: at(5))
      try await bench.end(former, done, at: at(6))
      try expect(try await bench.state(former.job.id), is: .completed, "the former one's state")
      try expect(try await bench.state(heir), is: .ready, "state")
      try expect(try await bench.store.journal(of: heir), is: Journal(), "the journal")
    },
    Case("a job that waits for another one's end waits for its parents and its moment too") { bench in
      let former = try await calledOff(bench)
      let parent = try await bench.add(NewJob(kind: "parent", queue: "idle"))
      var job = keyed
      job.parents = [.job(parent)]
      let heir = try await bench.enqueue([job], at: at(4))[0].id
      try await bench.end(former, .cancelled(why: "asked"), at: at(5))
      try expect(try await bench.state(heir), is: .blocked, "state while the parent runs")
      let leased = try require(try await bench.lease(1, at: at(6), queue: "idle").first, "the parent")
      try await bench.end(leased, done, at: at(7))
      try expect(try await bench.state(heir), is: .ready, "state")
      try expect(try await bench.effect("e", of: heir).intents, is: 1, "intents")
    },
    Case("a chain of jobs that were cancelled hands the doubt on to the last") { bench in
      let first = try await calledOff(bench)
      let second = try await bench.enqueue([keyed], at: at(4))[0].id
      try expect(try await bench.store.cancel([second], why: "enough", at: at(5)), is: [second: .cancelled], "states")
      let third = try await bench.enqueue([keyed], at: at(6))[0].id
      try expect(try await bench.state(third), is: .blocked, "the third one's state")
      try await bench.end(first, .cancelled(why: "asked"), at: at(7))
      try expect(try await bench.store.journal(of: second), is: Journal(), "the second one's journal")
      try expect(try await bench.effect("e", of: third).firstIntendedAt, is: at(2), "first intended at")
      let leased = try await bench.leaseOne(at: at(8))
      try expect(leased.job.id, is: third, "the leased job")
      _ = try await bench.store.cancel([third], why: "enough", at: at(9))
      let fourth = try await bench.enqueue([keyed], at: at(10))[0].id
      try expect(try await bench.state(fourth), is: .blocked, "the fourth one's state")
      try await bench.end(leased, .cancelled(why: "asked"), at: at(11))
      let effect = try await bench.effect("e", of: fourth)
      try expect(effect.firstIntendedAt, is: at(2), "first intended at")
      try expect(effect.intents, is: 1, "intents")
    },
    Case("a job that ended with an open intent, cancelled or dead, hands it on to the next of its key, once") {
      bench in
      for (index, outcome) in [Outcome.snooze(until: at(50), why: "lost answer"), .dead(broken)].enumerated() {
        let leased = try await bench.running(keyed)
        try await bench.store.write(
          [.intent(effect: "e"), .checkpoint(key: "e/asked-after", json: "7"), .checkpoint(key: "f", json: "8")],
          under: leased.lease, at: at(2))
        try await bench.end(leased, outcome, at: at(3))
        _ = try await bench.store.cancel([leased.job.id], why: "enough", at: at(4))
        let heir = try await bench.enqueue([keyed], at: at(5))[0]
        try expect(heir.state, is: .ready, "state after \(index)")
        try expect(try await bench.effect("e", of: heir.id).touchedAt, is: at(3), "touched at")
        try expect(try await bench.store.journal(of: heir.id).checkpoints, is: ["e/asked-after": "7"], "checkpoints")
        let next = try await bench.leaseOne(at: at(6))
        let result = JournalEntry.result(effect: "e", json: "1", origin: .adopted, claim: nil)
        try await bench.store.write([result], under: next.lease, at: at(6))
        try await bench.end(next, done, at: at(7))
        let last = try await bench.running(keyed, at: at(8))
        try expect(try await bench.store.journal(of: last.job.id), is: Journal(), "the journal of the one after")
        try await bench.end(last, done, at: at(9))
      }
    },
    Case("a refused intent, and one of another key, are nobody's to take over") { bench in
      let leased = try await calledOff(bench)
      try await bench.store.write([.refusal(effect: "e")], under: leased.lease, at: at(4))
      try await bench.end(leased, .cancelled(why: "asked"), at: at(5))
      let heir = try await bench.enqueue([keyed], at: at(6))[0].id
      try expect(try await bench.store.journal(of: heir), is: Journal(), "the journal")
      let other = try await bench.enqueue([NewJob(kind: "work", uniqueKey: "other")], at: at(6))[0].id
      try expect(try await bench.store.journal(of: other), is: Journal(), "the journal of another key")
    },
    Case("the unit of a budget that an open intent holds goes to the next job: it costs no second one") { bench in
      let former = try await bench.running(keyed)
      _ = try await bench.acquire(former, size: 2, at: at(2))
      _ = try await bench.store.cancel([former.job.id], why: "enough", at: at(3))
      _ = try await bench.enqueue([keyed], at: at(4))
      try await bench.end(former, .cancelled(why: "asked"), at: at(5))
      try expect(try await bench.budget(at: at(6)).used, is: 1, "units after the former one")
      let heir = try await bench.leaseOne(at: at(7))
      try expect(try await bench.acquire(heir, size: 2, at: at(7)), is: .granted, "the answer")
      try expect(try await bench.budget(at: at(8)).used, is: 1, "units")
      try await bench.store.write([.refusal(effect: "e")], under: heir.lease, at: at(9))
      try expect(try await bench.effect("e", of: heir.job.id).intents, is: 2, "intents: the former one stays open")
    },
    Case("a job that was cancelled is not retried while the next one of its key is unfinished") { bench in
      let former = try await calledOff(bench)
      let heir = try await bench.enqueue([keyed], at: at(4))[0].id
      try await bench.end(former, .cancelled(why: "asked"), at: at(5))
      try await bench.refuses(.uniqueConflict) { _ = try await bench.store.retry([former.job.id], at: at(6)) }
      try expect(try await bench.effect("e", of: heir).intents, is: 1, "intents")
      try await bench.end(try await bench.leaseOne(at: at(7)), .dead(broken), at: at(8))
      try expect(try await bench.store.retry([former.job.id], at: at(9)), is: [former.job.id: .ready], "states")
      try expect(try await bench.effect("e", of: former.job.id).result, is: nil, "the former one's effect")
    },
    Case("a job that waited, was cancelled and is retried waits again") { bench in
      let former = try await calledOff(bench)
      let heir = try await bench.enqueue([keyed], at: at(4))[0].id
      _ = try await bench.store.cancel([heir], why: "enough", at: at(5))
      try expect(try await bench.store.retry([heir], at: at(6)), is: [heir: .blocked], "states")
      try await bench.end(former, .cancelled(why: "asked"), at: at(7))
      try expect(try await bench.state(heir), is: .ready, "state")
      try expect(try await bench.effect("e", of: heir).firstIntendedAt, is: at(2), "first intended at")
    },
    Case("a finished job with an open intent is kept an hour longer") { bench in
      let former = try await calledOff(bench)
      try await bench.end(former, .cancelled(why: "asked"), at: at(5))
      try expect(try await bench.store.prune(finishedBefore: at(6), limit: 10), is: 0, "pruned early")
      try expect(try await bench.store.prune(finishedBefore: at(3605), limit: 10), is: 0, "pruned within the hour")
      try expect(try await bench.store.prune(finishedBefore: at(3606), limit: 10), is: 1, "pruned after")
    },
  ]
}
