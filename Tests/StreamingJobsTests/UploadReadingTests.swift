import JobQueue
import JobQueueTestKit
import Testing

@testable import StreamingJobs

@Suite("Servers of one's own may know less, and show late") struct UploadReadingTests {
  private static let sizes: [Int64] = [9, 16 * UploadGiven.mebibyte + 9]
  private static let refusals: [(size: Int64, status: Int, code: String)] = [
    (sizes[0], 400, "InvalidRequest"), (sizes[0], 400, "InvalidArgument"), (sizes[0], 501, "NotImplemented"),
    (sizes[1], 501, "NotImplemented"),
  ]

  private func given(_ size: Int64) throws -> UploadGiven {
    try UploadGiven(size: size, checksums: .none, ownServer: true)
  }

  @Test(
    "one that refuses checksums is asked once without, and not with them again by the next job", arguments: refusals)
  func refusesChecksums(size: Int64, status: Int, code: String) async throws {
    var given = try given(size)
    await given.server.refuseChecksums(status, code)
    let job = try await given.storage.run(given.parameters)
    #expect(job.state == .completed)
    #expect(job.failures == 0)
    await given.expectStored()
    // The reason of a HEAD's 400 is not told, so it is asked once more with other credentials.
    #expect(
      await given.server.requestsWithChecksums == (status == 400 ? ["HeadObject", "HeadObject"] : ["HeadObject"]))
    let refused = await given.server.requestsWithChecksums.count
    given.parameters.key = "another.mp4"
    #expect(try await given.storage.run(given.parameters).state == .completed)
    #expect(await given.server.requestsWithChecksums.count == refused)
  }

  @Test("a refusal that is not about the checksums stays the one that it is", arguments: sizes)
  func otherRefusal(size: Int64) async throws {
    let given = try given(size)
    let operation = size == 9 ? "PutObject" : "CreateMultipartUpload"
    await given.server.fate(of: operation, .refused(400, "InvalidStorageClass"))
    let job = try await given.storage.run(given.parameters)
    #expect(job.state == .dead)
    #expect(await given.server.count(operation) == 1)
  }

  @Test("an object that is seen only a while after it was stored is waited for, and stored once", arguments: sizes)
  func seenLate(size: Int64) async throws {
    let given = try given(size)
    await given.server.hideObjects(for: 4)
    let job = try await given.storage.run(given.parameters)
    #expect(job.state == .completed)
    #expect(job.failures == 0)
    #expect(await given.server.count("PutObject") + given.server.count("CompleteMultipartUpload") == 1)
    await given.expectStored()
  }

  @Test("an object that is never seen ends the job after two minutes", arguments: sizes)
  func neverSeen(size: Int64) async throws {
    let given = try given(size)
    await given.server.hideObjects(for: .max)
    let job = try await given.storage.run(given.parameters)
    #expect(job.state == .dead)
    #expect(job.lastFailure?.code == "differs")
    #expect(await given.server.count("PutObject") + given.server.count("CompleteMultipartUpload") == 1)
  }

  @Test("one that does not list parts gets all of them anew after a crash, in the same upload")
  func listsNoParts() async throws {
    let given = try given(Self.sizes[1])
    await given.server.fate(of: "ListParts", .refused(501, "NotImplemented"))
    let job = try await given.storage.run(
      given.parameters, faults: ScriptedFaults(at: .checkpointWritten, arrival: 4))
    #expect(job.state == .completed)
    #expect(await given.server.count("UploadPart") == UploadGiven.largeParts + 2)
    #expect(await given.server.count("CreateMultipartUpload") == 1)
    await given.expectStored()
  }

  @Test("a byte that changes in a part that was sent, and the time put back, is noticed before the parts are one")
  func changedInPlace() async throws {
    let given = try given(Self.sizes[1])
    let file = given.file
    await given.server.fate(of: "UploadPart", .after {}, .after {}, .after { try file.changeByte(at: 9) })
    let job = try await given.storage.run(given.parameters)
    #expect(job.state == .dead)
    #expect(job.lastFailure?.code == "file-changed")
    #expect(await given.server.count("CompleteMultipartUpload") == 0)
    #expect(await given.server.uploads.isEmpty)
  }

  @Test("so is one that changes between two attempts", arguments: sizes)
  func changedInPlaceBetween(size: Int64) async throws {
    let given = try given(size)
    let file = given.file
    // The change comes while the worker is away, after everything that could be sent was.
    await given.server.fate(of: size == 9 ? "PutObject" : "CompleteMultipartUpload", .unreachable)
    let id = try await given.storage.enqueue(given.parameters)
    try await given.storage.attempt()
    try file.changeByte(at: 5)
    let job = try await given.storage.finish(id)
    #expect(job.state == .dead)
    #expect(job.lastFailure?.code == "file-changed")
    #expect(await given.server.objects.isEmpty)
  }

  @Test("other rights of the file are no other bytes: the upload goes on", arguments: sizes)
  func otherRights(size: Int64) async throws {
    let given = try given(size)
    let file = given.file
    await given.server.fate(
      of: size == 9 ? "PutObject" : "UploadPart", .after { try file.changeRights() })
    let job = try await given.storage.run(given.parameters)
    #expect(job.state == .completed)
    #expect(job.failures == 0)
    await given.expectStored()
  }
}
