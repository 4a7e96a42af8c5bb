import JobQueue

extension StoreConformance {
  static let auditing: [Case] = [
    Case("each verb of an operator leaves who, to what and how many in the audit, newest first") { bench in
      let ana = Operator("ana@venue", filter: "--state ready")
      let jobs = try await bench.enqueue([NewJob(kind: "a"), NewJob(kind: "b"), NewJob(kind: "c")]).map(\.id)
      let running = try await bench.leaseOne()
      _ = try await bench.store.cancel(jobs + [JobID(99)], why: "enough", by: Operator("ana@venue"), at: at(2))
      // Two have ended, one runs: all that is left is to ask that one again.
      _ = try await bench.store.cancel(jobs, why: "enough", by: ana, at: at(3))
      _ = try await bench.store.retry(jobs, by: ana, at: at(4))
      _ = try await bench.store.retry(jobs, by: ana, at: at(5))
      try await bench.store.closeGate("g", until: nil, reason: "r", by: Operator("bob@venue"), at: at(6))
      _ = try await bench.store.openGate("g", by: Operator("bob@venue", filter: "g --force"), at: at(7))
      _ = try await bench.store.openGate("g", by: Operator("bob@venue"), at: at(8))
      _ = try await bench.store.openGate("never", by: Operator("bob@venue"), at: at(9))
      let list = jobs.map(\.description).joined(separator: " ") + " 99"
      try expect(running.job.id, is: jobs[0], "what runs")
      let expected: [(Int, String, AuditVerb, String, Int)] = [
        (2, "ana@venue", .cancel, list, 3), (3, "ana@venue", .cancel, "--state ready", 1),
        (4, "ana@venue", .retry, "--state ready", 2), (5, "ana@venue", .retry, "--state ready", 0),
        (6, "bob@venue", .closeGate, "g", 1), (7, "bob@venue", .openGate, "g --force", 1),
        (8, "bob@venue", .openGate, "g", 0), (9, "bob@venue", .openGate, "never", 0),
      ]
      let audit = try await bench.store.audit(limit: 100, before: nil)
      let ids = audit.map(\.id)
      try expect(ids, is: ids.sorted(by: >), "the numbers, newest first")
      try expect(Set(ids).count, is: expected.count, "how many numbers")
      for (entry, (second, who, verb, filter, count)) in zip(audit.reversed(), expected) {
        let full = AuditEntry(id: entry.id, at: at(second), who: who, verb: verb, filter: filter, count: count)
        try expect(entry, is: full, "the entry")
      }
    },
    Case("what an operator prunes in several commits is one entry of the audit, also when there was nothing") { bench in
      let ana = Operator("ana@venue", filter: "--older-than 1d")
      for second in 1...3 {
        let ended = try await bench.running(NewJob(kind: "work"))
        try await bench.end(ended, done, at: at(second + 1))
      }
      var counts: [Int] = []
      for _ in 1...3 {
        counts.append(try await bench.store.prune(finishedBefore: at(9), limit: 2, by: ana, at: at(10)))
      }
      try expect(counts, is: [2, 1, 0], "pruned")
      // The same again later is another action.
      try expect(try await bench.store.prune(finishedBefore: at(9), limit: 2, by: ana, at: at(11)), is: 0, "left")
      let told = try await bench.store.audit(limit: 9, before: nil).map { [Int64($0.count), $0.at.milliseconds] }
      try expect(told, is: [[0, at(11).milliseconds], [3, at(10).milliseconds]], "the counts, newest first")
      try expect(try await bench.store.audit(limit: 1, before: nil).first?.verb, is: .prune, "the verb")
    },
    Case("a verb that is refused leaves nothing in the audit") { bench in
      let first = try await bench.running(NewJob(kind: "work", uniqueKey: "u"))
      try await bench.end(first, done)
      _ = try await bench.add(NewJob(kind: "work", uniqueKey: "u"))
      try await bench.refuses(.uniqueConflict) {
        _ = try await bench.store.retry([first.job.id], by: Operator("ana@venue"), at: at(4))
      }
      try await bench.refuses(.invalid) {
        try await bench.store.closeGate("", until: nil, reason: "r", by: Operator("ana@venue"), at: at(4))
      }
      try expect(try await bench.store.audit(limit: 9, before: nil), is: [], "the audit")
    },
    Case("the audit is read page by page") { bench in
      for second in 0..<7 { _ = try await bench.store.openGate("g", by: Operator("ana@venue"), at: at(second)) }
      var moments: [Timestamp] = []
      var before: Int64?
      while true {
        let page = try await bench.store.audit(limit: 3, before: before)
        guard let last = page.last else { break }
        moments += page.map(\.at)
        before = last.id
      }
      try expect(moments, is: (0..<7).reversed().map { at($0) }, "the moments")
      try expect(try await bench.store.audit(limit: 0, before: nil), is: [], "none")
    },
    Case("what an operator says at length is cut, and fails no verb") { bench in
      let long = String(repeating: "é", count: 5000)
      let jobs = (1...3000).map { JobID($0) }
      _ = try await bench.store.cancel(jobs, why: "w", by: Operator(long, filter: long), at: at(1))
      _ = try await bench.store.cancel(jobs, why: "w", by: Operator("ana@venue"), at: at(2))
      for entry in try await bench.store.audit(limit: 9, before: nil) {
        try expect(entry.filter.utf8.count <= Operator.mostBytes && entry.filter.hasSuffix("…"), "a filter that is cut")
        try expect(entry.who.utf8.count <= Operator.mostBytes, "a name that is cut")
      }
    },
  ]
}
