import Glibc
import JobQueue
import JobQueueTestKit
import Testing

@testable import StreamingJobs

@Suite("The recording itself may be gone or change") struct UploadFileTests {
  @Test("a file that is missing ends the job and nothing is asked of the server")
  func missing() async throws {
    let given = try UploadGiven(size: 9)
    var parameters = given.parameters
    parameters.file += ".gone"
    let job = try await given.storage.run(parameters)
    #expect(job.state == .dead)
    #expect(job.lastFailure?.code == "no-file")
    #expect(job.lastFailure?.message.contains(parameters.file) == true)
    #expect(await given.server.operations.isEmpty)
  }

  @Test("a directory is no file")
  func directory() async throws {
    let given = try UploadGiven(size: 9)
    var parameters = given.parameters
    parameters.file = "/tmp"
    let job = try await given.storage.run(parameters)
    #expect(job.lastFailure?.code == "no-file")
    #expect(job.lastFailure?.message == "/tmp is not a regular file")
  }

  @Test(
    "a file that changed between two attempts ends the job and the upload at the server; a retry sends the new one whole",
    arguments: [3, 4, 7])
  func changedBetween(checkpoint: Int) async throws {
    let given = try UploadGiven.large()
    let id = try await given.storage.enqueue(given.parameters)
    try await given.storage.attempt(faults: ScriptedFaults(at: .checkpointWritten, arrival: checkpoint))
    try given.file.record(size: given.size, take: "take-2")
    try await diesOfChangeThenStores(given, id, "take-2")
  }

  @Test(
    "a file that changed right after the upload began leaves no upload behind",
    arguments: [FaultPoint.effectPerformed, .resultRecorded])
  func changedAfterBegin(point: FaultPoint) async throws {
    let given = try UploadGiven.large()
    let id = try await given.storage.enqueue(given.parameters)
    try await given.storage.attempt(faults: ScriptedFaults(at: point))
    #expect(await given.server.uploads.count == 1)
    try given.file.record(size: given.size, take: "take-2")
    try await diesOfChangeThenStores(given, id, "take-2")
  }

  @Test("a file that changes while its parts are sent is noticed before the parts become an object")
  func changedDuring() async throws {
    let given = try UploadGiven.large()
    let file = given.file
    let size = given.size
    await given.server.fate(of: "UploadPart", .after {}, .after { try file.record(size: size, take: "take-2") })
    let id = try await given.storage.enqueue(given.parameters)
    try await diesOfChangeThenStores(given, id, "take-2")
  }

  @Test("a file that becomes shorter while its parts are sent is noticed too")
  func shortened() async throws {
    let given = try UploadGiven.large()
    let file = given.file
    await given.server.fate(of: "UploadPart", .after { try file.record(size: 9, take: "take-2") })
    let id = try await given.storage.enqueue(given.parameters)
    let dead = try await given.storage.finish(id)
    #expect(dead.lastFailure?.code == "file-changed")
    #expect(await given.server.uploads.isEmpty)
    _ = try await given.storage.store.retry([id], at: given.storage.clock.now())
    #expect(try await given.storage.finish(id).output(as: UploadResult.self).size == 9)
    await given.expectStored(take: "take-2", size: 9)
  }

  @Test("an upload that cannot be ended does not keep the job: its story tells it")
  func abortRefused() async throws {
    let given = try UploadGiven.large()
    let (file, size) = (given.file, given.size)
    await given.server.fate(of: "UploadPart", .after { try file.record(size: size, take: "take-2") })
    await given.server.fate(of: "AbortMultipartUpload", .refused(403, "AccessDenied"))
    let job = try await given.storage.run(given.parameters)
    #expect(job.lastFailure?.code == "file-changed")
    let notes = try await given.storage.store.attempts(of: job.id).flatMap(\.notes).map(\.text)
    #expect(
      notes.contains { $0.hasPrefix("the unfinished upload could not be aborted: ") && $0.contains("AccessDenied") })
  }

  @Test("a file that changes while its last part is sent is noticed too")
  func changedAtTheEnd() async throws {
    let given = try UploadGiven.large()
    let file = given.file
    let size = given.size
    let nothing = UploadServer.Fate.after {}
    await given.server.fate(
      of: "UploadPart", nothing, nothing, nothing, nothing, .after { try file.record(size: size, take: "take-2") })
    let id = try await given.storage.enqueue(given.parameters)
    try await diesOfChangeThenStores(given, id, "take-2")
  }

  @Test(
    "what this job stored before its file changed is replaced by a retry, also where the server tells no checksum",
    arguments: [9, 16 * UploadGiven.mebibyte], [UploadServer.Checksums.fullObject, .none])
  func changedAfterStoring(size: Int64, checksums: UploadServer.Checksums) async throws {
    let given = try UploadGiven(size: size, checksums: checksums, overSocket: checksums == .none)
    let id = try await given.storage.enqueue(given.parameters)
    // The object is there, and nobody was told.
    await given.server.fate(of: size < 16 ? "PutObject" : "CompleteMultipartUpload", .lostAfter)
    try await given.storage.attempt()
    try given.file.record(size: size, take: "take-2")
    try await diesOfChangeThenStores(given, id, "take-2")
  }

  @Test("an object of an earlier take is not taken for the one whose completion is unknown")
  func earlierTakeUnderKey() async throws {
    let given = try UploadGiven.large(checksums: .none, overSocket: true)
    let id = try await given.storage.enqueue(given.parameters)
    await given.server.fate(of: "CompleteMultipartUpload", .lostAfter, .lostBefore)
    try await given.storage.attempt()
    try given.file.record(size: given.size, take: "take-2")
    #expect(try await given.storage.finish(id).lastFailure?.code == "file-changed")
    _ = try await given.storage.store.retry([id], at: given.storage.clock.now())
    #expect(try await given.storage.finish(id).state == .completed)
    await given.expectStored(take: "take-2")
  }

  private func diesOfChangeThenStores(_ given: UploadGiven, _ id: JobID, _ take: String) async throws {
    let dead = try await given.storage.finish(id)
    #expect(dead.state == .dead)
    #expect(dead.lastFailure?.code == "file-changed")
    #expect(await given.server.uploads.isEmpty, "the unfinished upload is ended at the server")
    _ = try await given.storage.store.retry([id], at: given.storage.clock.now())
    let job = try await given.storage.finish(id)
    #expect(job.state == .completed)
    #expect(job.failures == 0)
    #expect(try job.output(as: UploadResult.self).resumedParts == 0)
    await given.expectStored(take: take)
  }
}
