import JobQueue

extension StoreConformance {
  // A lease runs out at 31 s; a crash is counted once its worker turns out to be gone, or 30 s later.
  static let losses: [Case] = [
    Case("a lease that merely ran out is no crash") { bench in
      let leased = try await bench.running()
      try expect(try await bench.reap(at: at(31)), is: [leased.job.id: .ready], "taken back")
      try expect(try await bench.job(leased.job.id).crashes, is: 0, "crashes")
    },
    Case("a worker that was not heard of for a lease more has crashed, not a moment before") { bench in
      let leased = try await bench.running()
      try await bench.reap(at: at(31))
      let before = Timestamp(milliseconds: at(61).milliseconds - 1)
      try await bench.reap(at: before)
      try expect(try await bench.job(leased.job.id).crashes, is: 0, "crashes before")
      try await bench.reap(at: at(61))
      try expect(try await bench.job(leased.job.id).crashes, is: 1, "crashes")
      try await bench.reap(at: at(500))
      try expect(try await bench.job(leased.job.id).crashes, is: 1, "crashes, counted once")
    },
    Case("a worker that is heard of after its lease ran out has not crashed") { bench in
      let leased = try await bench.running()
      try await bench.reap(at: at(31))
      let status = try await bench.store.extend([leased.lease], by: .seconds(30), at: at(40))
      try expect(status, is: [leased.lease: .lost], "status")
      try await bench.reap(at: at(500))
      try expect(try await bench.job(leased.job.id).crashes, is: 0, "crashes")
      let again = try await bench.leaseOne(by: StoreBench.bob, at: at(501))
      try await bench.reap(at: at(531))
      try await bench.store.announce(worker("bob", seenAt: at(540)))
      try await bench.reap(at: at(900))
      try expect(try await bench.job(again.job.id).crashes, is: 0, "crashes")
    },
    Case("a worker whose process lives has not crashed, however long it is silent; once it is gone, it has") { bench in
      let leased = try await bench.running()
      try await bench.reap(alive: [StoreBench.alice], at: at(31))
      try await bench.reap(alive: [StoreBench.alice], at: at(5000))
      try expect(try await bench.job(leased.job.id).crashes, is: 0, "crashes while it lives")
      try await bench.reap(gone: [StoreBench.alice], at: at(5001))
      try expect(try await bench.job(leased.job.id).crashes, is: 1, "crashes")
    },
    Case("a worker that ended in order after it lost a job has not crashed") { bench in
      let leased = try await bench.running()
      try await bench.reap(at: at(31))
      try await bench.store.retire([StoreBench.alice])
      try await bench.reap(at: at(500))
      try expect(try await bench.job(leased.job.id).crashes, is: 0, "crashes")
    },
    Case("a job that kills its workers elsewhere is dead when the last of them was silent for long enough") { bench in
      let id = try await bench.add()
      for (index, name) in ["w1", "w2", "w3"].enumerated() {
        _ = try await bench.leaseOne(by: WorkerID(name), at: at(100 * index))
        try await bench.reap(at: at(100 * index + 30))
        try expect(try await bench.state(id), is: .ready, "state after loss \(index + 1)")
        try await bench.reap(at: at(100 * index + 60))
        try expect(try await bench.job(id).crashes, is: index + 1, "crashes")
      }
      let job = try await bench.job(id)
      try expect(job.state, is: .dead, "state")
      try expect(job.lastFailure?.code, is: "crash-limit", "the failure's code")
      try expect(job.finishedAt, is: at(260), "finished at")
      try expect(try await bench.store.status().count(.dead), is: 1, "dead jobs")
    },
    Case("a job that crashed too often while it runs again goes on, and is dead at its next loss") { bench in
      let id = try await bench.add()
      _ = try await bench.leaseOne(by: WorkerID("w1"), at: at(0))
      try await bench.reap(crashLimit: 1, at: at(30))
      let second = try await bench.leaseOne(by: WorkerID("w2"), at: at(31))
      try await bench.reap(crashLimit: 1, at: at(60))
      try expect(try await bench.job(id).crashes, is: 1, "crashes")
      try expect(try await bench.state(id), is: .running, "state")
      try await bench.end(second, .handBack(why: "shutdown"), at: at(60))
      _ = try await bench.leaseOne(by: WorkerID("w3"), at: at(61))
      try expect(try await bench.reap(crashLimit: 1, at: at(91)), is: [id: .dead], "taken back")
    },
    Case("progress between two losses sets the crashes to zero, and closes losses that are open") { bench in
      let first = try await bench.running()
      try await bench.lose(first, crashLimit: 3, at: at(2))
      let second = try await bench.leaseOne(by: WorkerID("w2"), at: at(3))
      try await bench.reap(at: at(33))
      let third = try await bench.leaseOne(by: WorkerID("w3"), at: at(34))
      try expect(try await bench.job(first.job.id).crashes, is: 1, "crashes before")
      try await bench.store.write(
        [.checkpoint(key: "part/1", json: "1"), .progress], under: third.lease, at: at(35))
      try expect(try await bench.job(first.job.id).crashes, is: 0, "crashes")
      try await bench.reap(gone: [second.lease.owner], at: at(36))
      try expect(try await bench.job(first.job.id).crashes, is: 0, "crashes after the open loss")
      try await bench.lose(third, crashLimit: 3, at: at(37))
      try expect(try await bench.job(first.job.id).crashes, is: 1, "crashes after another loss")
    },
    Case("a checkpoint that says nothing of progress leaves the crashes as they are") { bench in
      let first = try await bench.running()
      try await bench.lose(first, crashLimit: 3, at: at(2))
      let second = try await bench.leaseOne(at: at(3))
      try await bench.store.write([.checkpoint(key: "looks", json: "1")], under: second.lease, at: at(4))
      try expect(try await bench.job(first.job.id).crashes, is: 1, "crashes")
    },
    Case("what a person retries begins without crashes, also of losses that were open") { bench in
      let leased = try await bench.running()
      try await bench.reap(at: at(31))
      try await bench.end(try await bench.leaseOne(by: StoreBench.bob, at: at(32)), .dead(broken), at: at(33))
      _ = try await bench.store.retry([leased.job.id], at: at(34))
      try await bench.reap(gone: [StoreBench.alice], at: at(500))
      try expect(try await bench.job(leased.job.id).crashes, is: 0, "crashes")
    },
    Case("an open loss of a finished job changes nothing") { bench in
      let leased = try await bench.running()
      try await bench.reap(at: at(31))
      try await bench.end(try await bench.leaseOne(by: StoreBench.bob, at: at(32)), done, at: at(33))
      let before = try await bench.job(leased.job.id)
      try await bench.reap(gone: [StoreBench.alice], crashLimit: 1, at: at(500))
      try expect(try await bench.job(leased.job.id), is: before, "the job")
    },
  ]
}
