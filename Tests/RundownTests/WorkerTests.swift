import FoundationEssentials
import Glibc
import JobQueue
import Testing

@Suite("rundown worker", .timeLimit(.minutes(20)))
struct WorkerTests {
  private static let drain = ["worker", "--once", "--wait-for-scheduled"]

  private func job(_ studio: Studio, _ id: Int = 1) async throws -> JobsTests.Listed.Job {
    let listed = try await studio.run(["jobs", "list", "--json"]).json(JobsTests.Listed.self)
    return try #require(listed.jobs.first { $0.id == id })
  }

  @Test("runs what is in the queue, shows the history, and ends when nothing is left")
  func once() async throws {
    try await Studio.open { studio in
      #expect(try await studio.run(Studio.entry).output == "1\n")
      let worked = try await studio.run(["worker", "--once"])
      #expect(worked.status == 0, "\(worked.errors)")
      #expect(worked.output == "")
      #expect(try await studio.engine().created == 1)
      #expect(try await studio.run(["wait", "--timeout", "1s"]).status == 0)
      let story = try await studio.run(["jobs", "show", "1"]).output
      #expect(story.contains("effect    create: created by this job"), "\(story)")
      #expect(story.contains("POST http://127.0.0.1:"), "\(story)")
      #expect(story.contains("→ 201 in "), "\(story)")
    }
  }

  @Test("leaves no byte of a secret in the queue, in a story, in a log or in the configuration's view")
  func canary() async throws {
    try await Studio.open { studio in
      _ = try await studio.run(Studio.entry)
      var told = try await studio.run(["worker", "--once"]).errors
      for arguments in [
        ["jobs", "show", "1"], ["jobs", "show", "1", "--json"], ["jobs", "list", "--json"], ["config", "show"],
        ["doctor"], ["doctor", "--json"],
      ] {
        let ended = try await studio.run(arguments)
        #expect(ended.status == 0, "\(ended.errors)")
        told += ended.output + ended.errors
      }
      for secret in Studio.secrets {
        #expect(!told.contains(secret))
        for (name, bytes) in try studio.folder.contents() where !name.hasPrefix("secret-") {
          #expect(bytes.firstRange(of: Array(secret.utf8)) == nil, "\(name)")
        }
      }
    }
  }

  // worker 1              | worker 2
  // ----------------------+------------------------------------------
  // leases, reaches point |
  // SIGKILL               |
  //                       | sees that worker 1 is gone, takes the job
  //                       | looks, adopts or creates, completes
  @Test(
    "killed at any point, another worker finishes the job, and the effect exists exactly once",
    arguments: [
      FaultPoint.leased, .beforeIntent, .intentWritten, .effectPerformed, .resultRecorded, .beforeCompletion,
      .completed,
    ].map(\.rawValue))
  func killed(point: String) async throws {
    try await Studio.open { studio in
      _ = try await studio.run(Studio.entry)
      #expect(try await studio.start(["worker"], fault: point).end().status == 128 + SIGKILL)
      let second = try await studio.run(Self.drain)
      #expect(second.status == 0, "\(second.errors)")
      let job = try await job(studio)
      #expect(job.state == "completed")
      #expect(job.failures == 0)
      let engine = try await studio.engine()
      #expect(engine.created == 1)
      #expect(engine.duplicates == 0)
    }
  }

  @Test("behind a gateway that answers with pages for a while every job is done, and none counts a failure")
  func gateway() async throws {
    try await Studio.open { studio in
      for number in 1...8 {
        let entry = Studio.entry.map { $0 == "cam-01-s3" ? "cam-\(number)" : $0 }
        #expect(try await studio.run(entry).status == 0)
      }
      try await studio.fault(#"{"listener":"engine fra1","kind":"htmlError","count":2}"#)
      let worked = try await studio.run(Self.drain)
      #expect(worked.status == 0, "\(worked.errors)")
      let listed = try await studio.run(["jobs", "list", "--json"]).json(JobsTests.Listed.self)
      #expect(listed.jobs.count == 8 && listed.jobs.allSatisfy { $0.state == "completed" && $0.failures == 0 })
      #expect(try await studio.engine().created == 8)
      let gates = try await studio.run(["gates", "list", "--json"]).json(GatesTests.Gates.self).gates
      #expect(gates.map(\.state) == ["open"] && gates.allSatisfy { $0.reason.contains("something else answered") })
    }
  }

  @Test("after SIGTERM the running job is finished and no other one starts")
  func drains() async throws {
    try await Studio.open { studio in
      try await studio.fault(#"{"listener":"engine fra1","kind":"slow","delayMilliseconds":20000,"method":"POST"}"#)
      _ = try await studio.run(Studio.entry)
      let worker = try studio.start(["worker"])
      try await eventually { try await job(studio).state == "running" }
      worker.signal(SIGTERM)
      try await eventually { worker.errors.contains("running jobs may finish") }
      _ = try await studio.run(Studio.entry.map { $0 == "cam-01-s3" ? "cam-02-s3" : $0 })
      let ended = try await worker.end()
      #expect(ended.status == 0, "\(ended.errors)")
      #expect(try await job(studio, 1).state == "completed")
      #expect(try await job(studio, 2).state == "ready")
      #expect(try await studio.engine().created == 1)
    }
  }

  @Test("a second signal ends it now; the job is handed back, and its effect still exists only once in the end")
  func endsNow() async throws {
    try await Studio.open { studio in
      try await studio.fault(
        #"{"listener":"engine fra1","kind":"slow","delayMilliseconds":60000,"method":"POST","count":1}"#)
      _ = try await studio.run(Studio.entry)
      let worker = try studio.start(["worker"])
      try await eventually { try await job(studio).state == "running" }
      worker.signal(SIGINT)
      try await eventually { worker.errors.contains("running jobs may finish") }
      worker.signal(SIGINT)
      let ended = try await worker.end()
      #expect(ended.status == 130, "\(ended.errors)")
      #expect(["ready", "scheduled"].contains(try await job(studio).state))
      #expect(try await studio.run(Self.drain).status == 0)
      #expect(try await job(studio).state == "completed")
      #expect(try await studio.engine().created == 1)
    }
  }

  @Test("refuses a queue that it does not know, and a number of jobs that makes no sense")
  func choice() async throws {
    let folder = try Folder()
    let unknown = try await Command.run(["worker", "--queues", "enginez"], in: folder)
    #expect(unknown.status == 2)
    #expect(unknown.errors.contains("did you mean 'engines'?"))
    #expect(try await Command.run(["worker", "--queues", "engines=0"], in: folder).status == 2)
    #expect(try await Command.run(["worker", "--concurrency", "0"], in: folder).status == 2)
  }

  @Test("serves only the given queues")
  func queues() async throws {
    try await Studio.open { studio in
      _ = try await studio.run(Studio.entry)
      #expect(try await studio.run(["worker", "--once", "--queues", "storage,uploads=1"]).status == 0)
      #expect(try await job(studio).state == "ready")
    }
  }
}
