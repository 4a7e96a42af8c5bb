import JobQueue

extension StoreConformance {
  static let journals: [Case] = [
    Case("a new job's journal is empty, and so is that of no job") { bench in
      let id = try await bench.add()
      try expect(try await bench.store.journal(of: id), is: Journal(), "the journal")
      try expect(try await bench.store.journal(of: JobID(99)), is: Journal(), "the journal of no job")
    },
    Case("a lease brings the job's journal, as it is asked for") { bench in
      let first = try await bench.running(NewJob(kind: "work", uniqueKey: "k"))
      try expect(first.journal, is: Journal(), "the journal of a first attempt")
      try await bench.store.write(
        [.intent(effect: "e"), .checkpoint(key: "a", json: "1"), .checkpoint(key: "b", json: "2")], under: first.lease,
        at: at(3))
      _ = try await bench.store.cancel([first.job.id], why: "another one", at: at(3))
      try await bench.lose(first, at: at(4))
      let heir = try await bench.running(NewJob(kind: "work", uniqueKey: "k"), at: at(5))
      let inherited = try await bench.store.journal(of: heir.job.id)
      try expect(inherited.effects.keys.sorted(), is: ["e"], "what is inherited")
      try expect(heir.journal, is: inherited, "the journal of an heir")
      try await bench.store.write(
        [.result(effect: "e", json: "7", origin: .performed, claim: nil), .checkpoint(key: "c", json: "3")],
        under: heir.lease, at: at(6))
      let other = try await bench.add(at: at(6))
      let (_, leased) = try await bench.store.complete(
        [Completion(lease: heir.lease, outcome: .retry(at: at(6), broken, why: "again"))],
        thenLease: LeaseRequest(owner: StoreBench.alice, limits: [.init(queue: "default", count: 9)]), at: at(7))
      try expect(leased.count, is: 2, "leased jobs")
      for job in leased {
        try expect(job.journal, is: try await bench.store.journal(of: job.job.id), "the journal of job \(job.job.id)")
      }
      try expect(leased.first { $0.job.id == other }?.journal, is: Journal(), "the journal of the other job")
    },
    Case("an intent is kept with its moments and its number") { bench in
      let leased = try await bench.running()
      try await bench.store.write([.intent(effect: "e")], under: leased.lease, at: at(3))
      try await bench.store.write([.intent(effect: "e")], under: leased.lease, at: at(5))
      try expect(
        try await bench.effect("e", of: leased.job.id),
        is: EffectRecord(name: "e", firstIntendedAt: at(3), touchedAt: at(5), intents: 2), "the effect")
    },
    Case("a result is kept with how it came to be, and the moment of the first intent stays") { bench in
      let leased = try await bench.running()
      try await bench.store.write([.intent(effect: "e")], under: leased.lease, at: at(3))
      try await bench.store.write(
        [.result(effect: "e", json: "7", origin: .performed, claim: nil)], under: leased.lease, at: at(4))
      try expect(
        try await bench.effect("e", of: leased.job.id),
        is: EffectRecord(
          name: "e", firstIntendedAt: at(3), touchedAt: at(4), intents: 1, result: "7", origin: .performed),
        "the effect")
    },
    Case("what was found without ever being asked for is a result with no intent") { bench in
      let leased = try await bench.running()
      try await bench.store.write(
        [.result(effect: "e", json: "7", origin: .adopted, claim: nil)], under: leased.lease, at: at(4))
      let effect = try await bench.effect("e", of: leased.job.id)
      try expect(effect.intents, is: 0, "intents")
      try expect(effect.origin, is: .adopted, "origin")
    },
    Case("a refusal voids the only intent: the effect was never asked for") { bench in
      let leased = try await bench.running()
      try await bench.store.write([.intent(effect: "e")], under: leased.lease, at: at(3))
      try await bench.store.write([.refusal(effect: "e")], under: leased.lease, at: at(4))
      try expect(try await bench.store.journal(of: leased.job.id).effects, is: [:], "effects")
    },
    Case("a refusal does not void an earlier intent whose end nobody knows") { bench in
      let leased = try await bench.running()
      let entries: [JournalEntry] = [
        .intent(effect: "e"), .unknown(effect: "e"), .intent(effect: "e"), .refusal(effect: "e"),
      ]
      for entry in entries { try await bench.store.write([entry], under: leased.lease, at: at(3)) }
      let effect = try await bench.effect("e", of: leased.job.id)
      try expect(effect.result, is: nil, "result")
      try expect(effect.firstIntendedAt, is: at(3), "first intended at")
    },
    Case("an unknown end is the effect's newest moment") { bench in
      let leased = try await bench.running()
      try await bench.store.write([.intent(effect: "e")], under: leased.lease, at: at(3))
      try await bench.store.write([.unknown(effect: "e")], under: leased.lease, at: at(9))
      let effect = try await bench.effect("e", of: leased.job.id)
      try expect(effect.firstIntendedAt, is: at(3), "first intended at")
      try expect(effect.touchedAt, is: at(9), "touched at")
      try expect(effect.result, is: nil, "result")
    },
    Case("refusal and unknown end of what was never intended change nothing") { bench in
      let leased = try await bench.running()
      try await bench.store.write([.refusal(effect: "e"), .unknown(effect: "e")], under: leased.lease, at: at(3))
      try expect(try await bench.store.journal(of: leased.job.id), is: Journal(), "the journal")
    },
    Case("a recorded result survives a late refusal and a late unknown end") { bench in
      let leased = try await bench.running()
      try await bench.store.write(
        [
          .intent(effect: "e"), .result(effect: "e", json: "7", origin: .performed, claim: nil),
          .refusal(effect: "e"), .unknown(effect: "e"),
        ], under: leased.lease, at: at(3))
      try expect(try await bench.effect("e", of: leased.job.id).result, is: "7", "result")
    },
    Case("a checkpoint is kept, replaced and taken back") { bench in
      let leased = try await bench.running()
      try await bench.store.write(
        [.checkpoint(key: "a/1", json: "1"), .checkpoint(key: "a/2", json: "2")], under: leased.lease, at: at(3))
      try await bench.store.write(
        [.checkpoint(key: "a/1", json: "3"), .removal(checkpoint: "a/2"), .removal(checkpoint: "b")],
        under: leased.lease, at: at(3))
      try expect(try await bench.store.journal(of: leased.job.id).checkpoints, is: ["a/1": "3"], "checkpoints")
    },
    Case("the journal outlives attempts, a crash and a person's retry") { bench in
      let leased = try await bench.running()
      try await bench.store.write(
        [.intent(effect: "e"), .checkpoint(key: "k", json: "1")], under: leased.lease, at: at(3))
      let journal = try await bench.store.journal(of: leased.job.id)
      try await bench.lose(leased, at: at(4))
      try expect(try await bench.store.journal(of: leased.job.id), is: journal, "the journal after a crash")
      try await bench.end(try await bench.leaseOne(at: at(5)), .dead(broken))
      _ = try await bench.store.retry([leased.job.id], at: at(6))
      try expect(try await bench.store.journal(of: leased.job.id), is: journal, "the journal after a retry")
    },
    Case("notes go to their own attempt, in order, and the last ones come with its end") { bench in
      let leased = try await bench.running()
      func note(_ text: String) -> Note { Note(at: at(2), text: text) }
      try await bench.store.write([.notes([note("1"), note("2")])], under: leased.lease, at: at(2))
      try await bench.store.write([.notes([note("3")])], under: leased.lease, at: at(2))
      try await bench.end(leased, .handBack(why: "shutdown"), notes: [note("4")])
      try await bench.end(try await bench.leaseOne(at: at(3)), done, notes: [note("5")])
      let notes = try await bench.store.attempts(of: leased.job.id).map { $0.notes.map(\.text) }
      try expect(notes, is: [["1", "2", "3", "4"], ["5"]], "notes")
    },
    Case("entries that are too large are refused, with all that were to be written with them") { bench in
      let leased = try await bench.running()
      let long = String(repeating: "x", count: 513)
      let large = String(repeating: "x", count: 1 << 20 + 1)
      let misfits: [JournalEntry] = [
        .intent(effect: long), .refusal(effect: long), .unknown(effect: long), .removal(checkpoint: long),
        .checkpoint(key: long, json: "1"), .checkpoint(key: "k", json: large),
        .result(effect: long, json: "1", origin: .performed, claim: nil),
        .result(effect: "e", json: large, origin: .performed, claim: nil),
        .result(effect: "e", json: "1", origin: .performed, claim: long),
      ]
      for misfit in misfits {
        try await bench.refuses(.invalid) {
          try await bench.store.write([.checkpoint(key: "good", json: "1"), misfit], under: leased.lease, at: at(3))
        }
      }
      try expect(try await bench.store.journal(of: leased.job.id), is: Journal(), "the journal")
    },
  ]

  static let claims: [Case] = [
    Case("a claim names the job whose effect holds it") { bench in
      let leased = try await bench.running()
      try expect(try await bench.store.claimant(of: "stream:a"), is: nil, "the claimant at first")
      try await bench.store.write(
        [.result(effect: "e", json: "1", origin: .performed, claim: "stream:a")], under: leased.lease, at: at(3))
      try expect(try await bench.store.claimant(of: "stream:a"), is: leased.job.id, "the claimant")
      try expect(try await bench.store.claimant(of: "stream:b"), is: nil, "another claim's")
    },
    Case("a claim that another job holds is refused, with all that was to be written with it") { bench in
      let first = try await bench.running()
      let second = try await bench.running()
      let result = JournalEntry.result(effect: "e", json: "1", origin: .adopted, claim: "stream:a")
      try await bench.store.write([result], under: first.lease, at: at(3))
      try await bench.refuses(.claimed) {
        try await bench.store.write([.checkpoint(key: "k", json: "1"), result], under: second.lease, at: at(4))
      }
      try expect(try await bench.store.journal(of: second.job.id), is: Journal(), "the second job's journal")
      try expect(try await bench.store.claimant(of: "stream:a"), is: first.job.id, "the claimant")
    },
    Case("a claim may be written again by the effect that holds it") { bench in
      let leased = try await bench.running()
      for json in ["1", "2"] {
        try await bench.store.write(
          [.result(effect: "e", json: json, origin: .performed, claim: "c")], under: leased.lease, at: at(3))
      }
      try expect(try await bench.effect("e", of: leased.job.id).result, is: "2", "result")
    },
    Case("a job of a concurrency key is told what the others of it asked for and nobody answered, ended or not") {
      bench in
      let keyed = NewJob(kind: "work", concurrencyKey: "c")
      let asker = try await bench.running(keyed)
      func open(_ key: String = "c", _ effect: String = "e", besides job: JobID = JobID(0)) async throws
        -> [EffectRecord]
      {
        try await bench.store.openIntents(ofKey: key, effect: effect, besides: job)
      }
      try expect(try await open(), is: [], "before anything is asked for")
      try await bench.store.write([.intent(effect: "e")], under: asker.lease, at: at(3))
      let asked = EffectRecord(name: "e", firstIntendedAt: at(3), touchedAt: at(3), intents: 1)
      try expect(try await open(), is: [asked], "while it is asked for")
      try await bench.end(asker, .retry(at: at(60), broken, why: "again"), at: at(5))
      var left = asked
      // The request may have been sent as late as the attempt's end.
      left.touchedAt = at(5)
      let other = try await bench.running(keyed)
      try expect(try await open(besides: other.job.id), is: [left], "once the attempt has ended")
      for (key, effect, job) in [("d", "e", other.job.id), ("c", "f", other.job.id), ("c", "e", asker.job.id)] {
        try expect(try await open(key, effect, besides: job), is: [], "of \(key), \(effect), besides \(job)")
      }
      _ = try await bench.store.cancel([asker.job.id], why: "enough", at: at(6))
      try expect(try await open(), is: [left], "once it was cancelled")
      try await bench.store.write([.intent(effect: "e"), .refusal(effect: "e")], under: other.lease, at: at(7))
      try expect(try await open(besides: asker.job.id), is: [], "of a job that was refused")
      let result = JournalEntry.result(effect: "e", json: "1", origin: .performed, claim: nil)
      try await bench.store.write([.intent(effect: "e"), result], under: other.lease, at: at(8))
      try expect(try await open(besides: asker.job.id), is: [], "of a job that has its result")
    },
    Case("a claim outlives its job's end and is free once the job is pruned") { bench in
      let first = try await bench.running()
      let second = try await bench.running()
      let result = JournalEntry.result(effect: "e", json: "1", origin: .performed, claim: "c")
      try await bench.store.write([result], under: first.lease, at: at(3))
      try await bench.end(first, done, at: at(4))
      try await bench.refuses(.claimed) { try await bench.store.write([result], under: second.lease, at: at(5)) }
      try expect(try await bench.store.prune(finishedBefore: at(5), limit: 10), is: 1, "pruned")
      try await bench.store.write([result], under: second.lease, at: at(6))
      try expect(try await bench.store.claimant(of: "c"), is: second.job.id, "the claimant")
    },
  ]
}
