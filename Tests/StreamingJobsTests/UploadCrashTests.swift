import JobQueue
import JobQueueTestKit
import Testing

@testable import StreamingJobs

@Suite("An upload that is cut goes on where it was") struct UploadCrashTests {
  /// The checkpoints of an upload in parts, in order: its round, the server's time, then each part.
  private static let checkpointsBeforeParts = 2

  private func losses(of job: Job, in given: UploadGiven) async throws -> Int {
    try await given.storage.store.attempts(of: job.id).count { $0.outcome == .lost }
  }

  @Test("a worker killed after k parts leaves k that are never sent again", arguments: 0...UploadGiven.largeParts)
  func resumes(parts: Int) async throws {
    let given = try UploadGiven.large()
    let faults = ScriptedFaults(at: .checkpointWritten, arrival: Self.checkpointsBeforeParts + parts)
    let job = try await given.storage.run(given.parameters, faults: faults)
    #expect(try await losses(of: job, in: given) == 1)
    // A part that is finished is progress, which forgets the crashes before it.
    #expect(job.crashes == (parts < UploadGiven.largeParts ? 0 : 1))
    #expect(try job.output(as: UploadResult.self).resumedParts == parts)
    #expect(await given.server.count("UploadPart") == UploadGiven.largeParts)
    #expect(await given.server.count("CreateMultipartUpload") == 1)
    #expect(await given.server.count("CompleteMultipartUpload") == 1)
    await given.expectStored()
  }

  @Test("with parts sent at once, a cut sends at most those again that were under way", arguments: 1...3)
  func resumesParallel(parts: Int) async throws {
    var given = try UploadGiven.large()
    given.parameters.parallelParts = 3
    let faults = ScriptedFaults(at: .checkpointWritten, arrival: Self.checkpointsBeforeParts + parts)
    let result = try await given.storage.run(given.parameters, faults: faults).output(as: UploadResult.self)
    #expect(result.resumedParts >= parts)
    #expect(await given.server.count("UploadPart") <= UploadGiven.largeParts + 2)
    await given.expectStored()
  }

  @Test("killed after every single part, it still sends each part once")
  func resumesAgainAndAgain() async throws {
    let given = try UploadGiven.large()
    let first = Self.checkpointsBeforeParts + 1
    let faults = ScriptedFaults([.checkpointWritten: Set(first..<first + UploadGiven.largeParts)])
    let job = try await given.storage.run(given.parameters, faults: faults)
    #expect(try await losses(of: job, in: given) == UploadGiven.largeParts)
    #expect(job.crashes == 1)
    #expect(try job.output(as: UploadResult.self).resumedParts == UploadGiven.largeParts)
    #expect(await given.server.count("UploadPart") == UploadGiven.largeParts)
    await given.expectStored()
  }

  @Test("cut at every point, a large recording is one object and nothing else", arguments: FaultPoint.all, [1, 2])
  func cutLarge(point: FaultPoint, arrival: Int) async throws {
    let given = try UploadGiven.large()
    let job = try await given.storage.run(given.parameters, faults: ScriptedFaults(at: point, arrival: arrival))
    #expect(job.state == .completed)
    #expect(job.failures == 0)
    #expect(await given.server.count("CreateMultipartUpload") == 1)
    #expect(await given.server.count("CompleteMultipartUpload") == 1)
    await given.expectStored()
  }

  @Test("cut at every point, a small recording is one object, sent once", arguments: FaultPoint.all)
  func cutSmall(point: FaultPoint) async throws {
    let given = try UploadGiven(size: 9)
    let job = try await given.storage.run(given.parameters, faults: ScriptedFaults(at: point))
    #expect(job.state == .completed)
    #expect(await given.server.count("PutObject") == 1)
    #expect(try job.output(as: UploadResult.self).unchanged == false)
    await given.expectStored()
  }

  @Test("a lost answer of PutObject is found by HeadObject and not sent again")
  func lostPut() async throws {
    let given = try UploadGiven(size: 9)
    await given.server.fate(of: "PutObject", .lostAfter)
    let job = try await given.storage.run(given.parameters)
    #expect(await given.server.count("PutObject") == 1)
    #expect(try job.output(as: UploadResult.self).unchanged == false)
    await given.expectStored()
  }

  @Test("a PutObject that never arrived is sent again")
  func putNeverArrived() async throws {
    let given = try UploadGiven(size: 9)
    await given.server.fate(of: "PutObject", .lostBefore, .lostBefore)
    let job = try await given.storage.run(given.parameters)
    #expect(job.state == .completed)
    // The second one in a row closes the gate and does not count.
    #expect(job.failures == 1)
    #expect(await given.server.count("PutObject") == 3)
    await given.expectStored()
  }

  @Test(
    "an upload whose id was lost with the answer is adopted, however far the clocks are apart",
    arguments: [0, -120, 120, -7200, 7200])
  func lostCreate(serverAhead: Int) async throws {
    let given = try UploadGiven.large(serverAhead: .seconds(serverAhead))
    await given.server.fate(of: "CreateMultipartUpload", .lostAfter)
    let job = try await given.storage.run(given.parameters)
    #expect(job.state == .completed)
    #expect(await given.server.count("CreateMultipartUpload") == 1)
    await given.expectStored()
  }

  @Test(
    "an upload that somebody began long before is not taken for the lost one, however far the clocks are apart",
    arguments: [0, -120, 120, -7200, 7200])
  func olderUpload(serverAhead: Int) async throws {
    let given = try UploadGiven.large(serverAhead: .seconds(serverAhead))
    let hourAgo = await given.server.now() - .seconds(3600)
    await given.server.begin(UploadGiven.key, id: "theirs", initiated: hourAgo)
    await given.server.fate(of: "CreateMultipartUpload", .lostBefore)
    let job = try await given.storage.run(given.parameters)
    #expect(job.state == .completed)
    #expect(await given.server.uploads.keys.sorted() == ["theirs"])
    #expect(await given.server.uploads["theirs"]?.parts.isEmpty == true)
  }

  @Test("two unfinished uploads that may be ours are a matter for a person")
  func ambiguous() async throws {
    let given = try UploadGiven.large()
    await given.server.begin(UploadGiven.key, id: "theirs", initiated: given.storage.clock.now())
    await given.server.fate(of: "CreateMultipartUpload", .lostAfter)
    let job = try await given.storage.run(given.parameters)
    #expect(job.state == .held)
    #expect(job.waitReason?.contains("abort all but one") == true)
    #expect(await given.server.count("UploadPart") == 0)
  }

  @Test("a lost answer of CompleteMultipartUpload is found by HeadObject: nothing is sent or completed again")
  func lostComplete() async throws {
    let given = try UploadGiven.large()
    await given.server.fate(of: "CompleteMultipartUpload", .lostAfter)
    let result = try await given.storage.run(given.parameters).output(as: UploadResult.self)
    #expect(!result.unchanged)
    #expect(await given.server.count("UploadPart") == UploadGiven.largeParts)
    #expect(await given.server.count("CompleteMultipartUpload") == 1)
    await given.expectStored()
  }

  @Test("a CompleteMultipartUpload that never arrived is asked for again, with the parts that are there")
  func completeNeverArrived() async throws {
    let given = try UploadGiven.large()
    await given.server.fate(of: "CompleteMultipartUpload", .lostBefore)
    let result = try await given.storage.run(given.parameters).output(as: UploadResult.self)
    #expect(result.resumedParts == UploadGiven.largeParts)
    #expect(await given.server.count("UploadPart") == UploadGiven.largeParts)
    await given.expectStored()
  }

  @Test("a part that the server lost is sent again, the others are not")
  func partGone() async throws {
    let given = try UploadGiven.large()
    let id = try await given.storage.enqueue(given.parameters)
    try await given.storage.attempt(
      faults: ScriptedFaults(at: .checkpointWritten, arrival: Self.checkpointsBeforeParts + 3))
    await given.server.removePart(2)
    let result = try await given.storage.finish(id).output(as: UploadResult.self)
    #expect(result.resumedParts == 2)
    #expect(await given.server.count("UploadPart") == UploadGiven.largeParts + 1)
    await given.expectStored()
  }

  @Test("an upload that the server forgot begins anew, and burns no attempt")
  func forgotten() async throws {
    let given = try UploadGiven.large()
    let id = try await given.storage.enqueue(given.parameters)
    try await given.storage.attempt(
      faults: ScriptedFaults(at: .checkpointWritten, arrival: Self.checkpointsBeforeParts + 2))
    await given.server.forgetUploads()
    let job = try await given.storage.finish(id)
    #expect(job.state == .completed)
    #expect(job.failures == 0)
    #expect(try job.output(as: UploadResult.self).resumedParts == 0)
    #expect(await given.server.count("CreateMultipartUpload") == 2)
    await given.expectStored()
  }

  @Test("an upload that vanishes again and again is a matter for a person, whose retry begins another one")
  func vanishes() async throws {
    let given = try UploadGiven.large()
    let server = given.server
    for _ in 0..<5 { await server.fate(of: "UploadPart", .after { await server.forgetUploads() }) }
    let id = try await given.storage.enqueue(given.parameters)
    let held = try await given.storage.finish(id)
    #expect(held.state == .held)
    #expect(held.waitReason?.contains("lifecycle") == true)
    #expect(await server.count("CreateMultipartUpload") == 5)
    _ = try await given.storage.store.retry([id], at: given.storage.clock.now())
    #expect(try await given.storage.finish(id).state == .completed)
    await given.expectStored()
  }
}
