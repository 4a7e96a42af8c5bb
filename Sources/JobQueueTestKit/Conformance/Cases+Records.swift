import JobQueue

extension StoreConformance {
  static let records: [Case] = [
    Case("a record is replaced by the next of its key, and keeps the moment at which it was first written") { bench in
      try await bench.store.record([RecordWrite("c", "k", labels: ["a": "1"], json: "1")], at: at(1))
      try await bench.store.record([RecordWrite("c", "k", labels: ["b": "2"], json: "2")], at: at(5))
      let expected = Record(
        collection: "c", key: "k", labels: ["b": "2"], value: "2", createdAt: at(1), updatedAt: at(5))
      try expect(try await bench.store.records(RecordQuery("c")), is: [expected], "the records")
    },
    Case("a record that was to be new and is there refuses a duty's whole call") { bench in
      try await bench.store.record([fresh("k", "1")], at: at(1))
      try await bench.refuses(.recordExists) {
        try await bench.store.record([RecordWrite("c", "other", json: "2"), fresh("k", "2")], at: at(2))
      }
      try await bench.refuses(.recordExists) {
        try await bench.store.record([fresh("twice", "1"), fresh("twice", "2")], at: at(2))
      }
      try await bench.shows(["k": "1"])
    },
    Case("jobs and records go in together, and the records name the first job") { bench in
      let writes = [RecordWrite("c", "a", json: "1"), fresh("b", "2")]
      let jobs = [NewJob(kind: "work", uniqueKey: "u"), NewJob(kind: "work")]
      let receipts = try await bench.store.enqueue(jobs, recording: writes, at: at(1))
      try await bench.shows(["a": "1", "b": "2"])
      // The second time the job already exists, but the record is still its own.
      let again = try await bench.store.enqueue([jobs[0]], recording: [RecordWrite("c", "d", json: "3")], at: at(2))
      try expect(again.map(\.alreadyPresent), is: [true], "already present")
      let owners = try await bench.store.records(RecordQuery("c")).map(\.job)
      try expect(owners, is: Array(repeating: receipts[0].id, count: 3), "the records' job")
      _ = try await bench.store.enqueue([], recording: [RecordWrite("c", "e", json: "4")], at: at(3))
      try expect(try await bench.store.records(RecordQuery("c", key: "e")).map(\.job), is: [nil], "of no job")
    },
    Case("an enqueue whose record was to be new and is there does not happen") { bench in
      try await bench.store.record([fresh("k", "1")], at: at(1))
      try await bench.refuses(.recordExists) {
        let records = [RecordWrite("c", "other", json: "2"), fresh("k", "2")]
        _ = try await bench.store.enqueue(
          [NewJob(kind: "work"), NewJob(kind: "work", parents: [.batch(0)])], recording: records, at: at(2))
      }
      try expect(try await bench.store.jobs(JobQuery()), is: [], "the jobs")
      try expect(try await bench.store.status().counts.values.flatMap(\.values).reduce(0, +), is: 0, "the counts")
      try await bench.shows(["k": "1"])
    },
    Case("jobs that are refused take their records along") { bench in
      try await bench.refuses(.noSuchParent) {
        _ = try await bench.store.enqueue(
          [NewJob(kind: "work", parents: [.job(JobID(99))])], recording: [RecordWrite("c", "k", json: "1")], at: at(1))
      }
      try await bench.shows([:])
    },
    Case("a running job's records commit with its results and checkpoints, and say whose they are") { bench in
      let leased = try await bench.running()
      try await bench.store.write(
        [
          .result(effect: "e", json: "1", origin: .performed, claim: nil), .record(RecordWrite("c", "k", json: "1")),
          .checkpoint(key: "p", json: "2"), .record(fresh("p", "2")),
        ], under: leased.lease, at: at(3))
      try await bench.shows(["k": "1", "p": "2"])
      try expect(
        try await bench.store.records(RecordQuery("c")).map(\.job), is: [leased.job.id, leased.job.id], "whose they are"
      )
    },
    Case("a journal write that is refused leaves no record") { bench in
      let first = try await bench.running()
      let second = try await bench.running()
      let result = JournalEntry.result(effect: "e", json: "1", origin: .performed, claim: "claim")
      try await bench.store.write([result], under: first.lease, at: at(3))
      try await bench.refuses(.claimed) {
        try await bench.store.write(
          [.record(RecordWrite("c", "k", json: "1")), result], under: second.lease, at: at(4))
      }
      try await bench.lose(second, at: at(5))
      try await bench.refuses(.leaseLost) {
        try await bench.store.write([.record(RecordWrite("c", "k", json: "1"))], under: second.lease, at: at(6))
      }
      try await bench.shows([:])
    },
    Case("a completion's records are there exactly when it is recorded, whatever it says") { bench in
      let ends: [Outcome] = [
        done, .retry(at: at(60), broken, why: "again"), .hold(why: "wait"), .dead(broken), .cancelled(why: "enough"),
      ]
      for (number, end) in ends.enumerated() {
        let leased = try await bench.running()
        let completion = Completion(
          lease: leased.lease, outcome: end, records: [RecordWrite("c", "\(number)", json: "1")])
        // The second of two ends of one lease is too late.
        var late = completion
        late.records = [RecordWrite("c", "late", json: "2"), RecordWrite("c", "\(number)", json: "2")]
        let receipts = try await bench.store.complete([completion, late], at: at(2))
        try expect(receipts.map { $0 == .leaseLost }, is: [false, true], "the receipts")
      }
      try await bench.shows(Dictionary(uniqueKeysWithValues: ends.indices.map { ("\($0)", "1") }))
    },
    Case("the end of a lost lease leaves no record") { bench in
      let leased = try await bench.running()
      try await bench.lose(leased, at: at(3))
      let completion = Completion(lease: leased.lease, outcome: done, records: [RecordWrite("c", "k", json: "1")])
      try expect(try await bench.store.complete([completion], at: at(4)), is: [.leaseLost], "the receipt")
      let request = LeaseRequest(owner: StoreBench.bob, limits: [.init(queue: "idle", count: 1)])
      try expect(
        try await bench.store.complete([completion], thenLease: request, at: at(4)).receipts, is: [.leaseLost],
        "the receipt beside a lease")
      try await bench.shows([:])
    },
    Case("a record that was to be new and is there costs a running job nothing, and its notes tell") { bench in
      try await bench.store.record([fresh("k", "1")], at: at(0))
      let leased = try await bench.running()
      try await bench.store.write(
        [.checkpoint(key: "p", json: "1"), .record(fresh("k", "2"))], under: leased.lease, at: at(3))
      try expect(try await bench.store.journal(of: leased.job.id).checkpoints, is: ["p": "1"], "the checkpoints")
      let own = Note(at: at(4), text: "own")
      let completion = Completion(
        lease: leased.lease, outcome: done, notes: [own], records: [fresh("k", "3"), fresh("new", "4")])
      try expect(try await bench.store.complete([completion], at: at(4)), is: [.recorded(.completed)], "the receipt")
      try await bench.shows(["k": "1", "new": "4"])
      try expect(
        try await bench.lastAttempt(leased.job.id).notes,
        is: [fresh("k", "2").keptNote(at: at(3)), own, fresh("k", "3").keptNote(at: at(4))], "the notes")
    },
    Case("a record outlives its job") { bench in
      let leased = try await bench.running()
      let completion = Completion(lease: leased.lease, outcome: done, records: [RecordWrite("c", "k", json: "1")])
      _ = try await bench.store.complete([completion], at: at(2))
      try expect(try await bench.store.prune(finishedBefore: at(9), limit: 9), is: 1, "pruned")
      try expect(try await bench.store.records(RecordQuery("c")).map(\.job), is: [leased.job.id], "whose it was")
    },
    Case("records are listed by collection, key, beginning of the key and labels, in order, page by page") { bench in
      let keys = ["a", "a/1", "a/10", "a/2", "b", "a\u{0}", "a/\u{10FFFF}", "a/é", "a/e\u{301}", "B"]
      for (number, key) in keys.enumerated() {
        let labels = ["parity": number.isMultiple(of: 2) ? "even" : "odd", "quote\"d": "x\\\(number)"]
        try await bench.store.record([RecordWrite("c", key, labels: labels, json: "\(number)")], at: at(1))
      }
      try await bench.store.record([RecordWrite("d", "a", json: "1")], at: at(1))
      let sorted = keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
      func shown(_ query: RecordQuery) async throws -> [String] { try await bench.store.records(query).map(\.key) }
      func same(_ found: [String], _ expected: [String], _ what: String) throws {
        try expect(found.map { Array($0.utf8) }, is: expected.map { Array($0.utf8) }, what)
      }
      try same(try await shown(RecordQuery("c")), sorted, "all")
      try same(try await shown(RecordQuery("c", key: "a/1")), ["a/1"], "by key")
      try same(try await shown(RecordQuery("c", key: "a/é")), ["a/é"], "by key, byte by byte")
      try same(
        try await shown(RecordQuery("c", prefix: "a/")), sorted.filter { $0.utf8.starts(with: "a/".utf8) },
        "by the beginning")
      let even = keys.indices.filter { $0.isMultiple(of: 2) }.map { keys[$0] }
      try same(
        try await shown(RecordQuery("c", labels: ["parity": "even"])),
        sorted.filter { key in even.contains { $0.utf8.elementsEqual(key.utf8) } }, "by label")
      try same(
        try await shown(RecordQuery("c", labels: ["parity": "even", "quote\"d": "x\\2"])), ["a/10"], "by two labels")
      try same(try await shown(RecordQuery("c", labels: ["parity": "even", "no": "x"])), [], "by a label of none")
      var pages: [String] = []
      while true {
        let page = try await shown(RecordQuery("c", after: pages.last, limit: 3))
        try expect(page.count <= 3, "\(page.count) records on a page of 3")
        pages += page
        if page.isEmpty { break }
      }
      try same(pages, sorted, "the pages")
      try same(try await shown(RecordQuery("c", prefix: "a/", after: "a/1", limit: 1)), ["a/10"], "after, by beginning")
      try same(try await shown(RecordQuery("c", prefix: "b", after: "a/1")), ["b"], "after one before the beginning")
      try same(try await shown(RecordQuery("c", key: "a", after: "a")), [], "after the only one")
      try same(try await shown(RecordQuery("c", limit: 0)), [], "none")
      try same(try await shown(RecordQuery("e")), [], "an unknown collection")
    },
    Case("a record that needs a new job is not there when all jobs of its enqueue were present, and refuses nothing") {
      bench in
      var note = fresh("batch", "1")
      note.needsNewJob = true
      let jobs = ["a", "b"].map { NewJob(kind: "work", uniqueKey: $0) }
      _ = try await bench.store.enqueue(jobs, at: at(1))
      let present = try await bench.store.enqueue(jobs, recording: [note], at: at(2))
      try expect(present.map(\.alreadyPresent), is: [true, true], "the jobs")
      try await bench.shows([:])
      let more = jobs + [NewJob(kind: "work", uniqueKey: "c")]
      _ = try await bench.store.enqueue(more, recording: [note], at: at(3))
      try await bench.shows(["batch": "1"])
      // It exists now, which does not matter if nothing is inserted.
      _ = try await bench.store.enqueue(more, recording: [note, RecordWrite("c", "other", json: "2")], at: at(4))
      try await bench.shows(["batch": "1", "other": "2"])
      try await bench.refuses(.recordExists) {
        _ = try await bench.store.enqueue([NewJob(kind: "more")], recording: [note], at: at(5))
      }
    },
    Case("records are removed by their keys, but for those that were written meanwhile") { bench in
      let writes = ["a", "b", "B", "c"].map { RecordWrite("c", $0, json: "1") } + [RecordWrite("d", "a", json: "2")]
      try await bench.store.record(writes, at: at(1))
      try await bench.store.record([RecordWrite("c", "b", json: "3")], at: at(2))
      let removed = try await bench.store.removeRecords(["a", "b", "c", "x", "a"], of: "c", writtenBefore: at(2))
      try expect(removed, is: 2, "how many")
      try await bench.shows(["b": "3", "B": "1"])
      try expect(try await bench.store.records(RecordQuery("d")).map(\.value), is: ["2"], "another collection")
      try expect(try await bench.store.removeRecords([], of: "c", writtenBefore: at(9)), is: 0, "none")
      try await bench.refuses(.invalid) {
        let many = (0...JobLimits.batch).map { "\($0)" }
        _ = try await bench.store.removeRecords(many, of: "c", writtenBefore: at(9))
      }
    },
    Case("records that are too large, or have no name, refuse their whole commit") { bench in
      let long = String(repeating: "x", count: JobLimits.uniqueKeyBytes + 1)
      let bad: [RecordWrite] = [
        RecordWrite("", "k", json: "1"), RecordWrite("c", "", json: "1"), RecordWrite("c", long, json: "1"),
        RecordWrite(String(long.prefix(JobLimits.nameBytes + 1)), "k", json: "1"),
        RecordWrite("c", "k", json: String(repeating: "x", count: JobLimits.textBytes + 1)),
        RecordWrite("c", "k", labels: ["a": String(long.prefix(JobLimits.nameBytes + 1))], json: "1"),
        RecordWrite(
          "c", "k", labels: Dictionary(uniqueKeysWithValues: (0...JobLimits.labels).map { ("\($0)", "") }), json: "1"),
      ]
      let leased = try await bench.running()
      for write in bad {
        let writes = [RecordWrite("c", "good", json: "1"), write]
        try await bench.refuses(.invalid) { try await bench.store.record(writes, at: at(2)) }
        try await bench.refuses(.invalid) {
          _ = try await bench.store.enqueue([NewJob(kind: "more")], recording: writes, at: at(2))
        }
        try await bench.refuses(.invalid) {
          try await bench.store.write(writes.map { .record($0) }, under: leased.lease, at: at(2))
        }
        try await bench.refuses(.invalid) {
          _ = try await bench.store.complete(
            [Completion(lease: leased.lease, outcome: done, records: writes)], at: at(2))
        }
      }
      try expect(try await bench.store.jobs(JobQuery()).map(\.state), is: [.running], "the jobs")
      try await bench.shows([:])
      let largest = RecordWrite(
        String(long.prefix(JobLimits.nameBytes)), String(long.dropLast()), json: String(repeating: "7", count: 1 << 20))
      try await bench.store.record([largest], at: at(3))
      let found = try await bench.store.records(RecordQuery(largest.collection, key: largest.key))
      try expect(found.map(\.value.utf8.count), is: [1 << 20], "the largest")
    },
  ]

  private static func fresh(_ key: String, _ json: String) -> RecordWrite {
    RecordWrite("c", key, json: json, rule: .insertOnly)
  }
}

extension StoreBench {
  /// Expects that the records of the collection `c` are these, by key.
  fileprivate func shows(
    _ values: [String: String], file: StaticString = #fileID, line: UInt = #line
  ) async throws {
    let found = try await store.records(RecordQuery("c")).map { ($0.key, $0.value) }
    try expect(
      Dictionary(found, uniquingKeysWith: { first, _ in first }), is: values, "the records", file: file, line: line)
  }
}
