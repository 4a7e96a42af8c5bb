import AWSClient
import JobQueue
import JobQueueTestKit
import Testing

@testable import StreamingJobs

@Suite("A key may be taken already") struct UploadConflictTests {
  private static let sizes: [Int64] = [9, 16 * UploadGiven.mebibyte]

  @Test("the same content counts as uploaded and nothing is sent", arguments: sizes)
  func sameContent(size: Int64) async throws {
    let given = try UploadGiven(size: size)
    _ = try await given.storage.run(given.parameters)
    let writes = await given.server.writes
    let result = try await given.storage.run(given.parameters).output(as: UploadResult.self)
    #expect(result.unchanged)
    #expect(result.verified == ["size", "checksum"])
    #expect(await given.server.writes == writes)
    await given.expectStored()
  }

  @Test("other content ends the job and stays as it is", arguments: sizes)
  func otherContent(size: Int64) async throws {
    let given = try UploadGiven(size: size)
    await given.server.put(UploadGiven.key, theirs(size: size))
    let job = try await given.storage.run(given.parameters)
    #expect(job.state == .dead)
    #expect(job.lastFailure?.code == "exists")
    #expect(job.lastFailure?.hint?.contains("onExisting: replace") == true)
    #expect(await given.server.writes.isEmpty)
    #expect(await given.server.objects[UploadGiven.key]?.stamps == ["theirs"])
  }

  @Test("other content is replaced when that is allowed", arguments: sizes)
  func replaced(size: Int64) async throws {
    let given = try UploadGiven(size: size, onExisting: .replace)
    await given.server.put(UploadGiven.key, theirs(size: size))
    let result = try await given.storage.run(given.parameters).output(as: UploadResult.self)
    #expect(!result.unchanged)
    await given.expectStored()
  }

  @Test(
    "the server is asked to refuse when somebody writes the key in between, and then the job ends", arguments: sizes,
    [false, true])
  func race(size: Int64, ownServer: Bool) async throws {
    let given = try UploadGiven(size: size, overSocket: ownServer)
    let server = given.server
    let theirs = theirs(size: 5)
    let write = size < 16 ? "PutObject" : "CompleteMultipartUpload"
    await server.fate(of: write, .after { await server.put(UploadGiven.key, theirs) })
    let job = try await given.storage.run(given.parameters)
    #expect(job.state == .dead)
    #expect(job.lastFailure?.code == "exists")
    #expect(await server.objects[UploadGiven.key]?.stamps == ["theirs"])
    #expect(await server.uploads.isEmpty)
  }

  @Test("when the server takes the parts back because of another writer, all are sent again in another upload")
  func conflictAtTheEnd() async throws {
    let given = try UploadGiven.large()
    let server = given.server
    await server.fate(of: "CompleteMultipartUpload", .refused(409, "ConditionalRequestConflict"))
    let job = try await given.storage.run(given.parameters)
    #expect(job.state == .completed && job.failures == 0)
    await given.expectStored()
    #expect(await server.uploads.isEmpty)
    #expect(await server.writes.filter { $0 == "CreateMultipartUpload" }.count == 2)
  }

  // ours                                   theirs
  // begins an upload, sends three parts
  // is killed                              stores the same content under the key
  // finds it, and leaves no part behind
  @Test("the same content that somebody stored in between counts as uploaded, and our unfinished upload is ended")
  func sameContentInBetween() async throws {
    let given = try UploadGiven.large()
    let id = try await given.storage.enqueue(given.parameters)
    try await given.storage.attempt(faults: ScriptedFaults(at: .checkpointWritten, arrival: 5))
    #expect(await given.server.uploads.count == 1)
    await given.server.put(UploadGiven.key, try await same(given))
    let result = try await given.storage.finish(id).output(as: UploadResult.self)
    #expect(result.unchanged)
    #expect(await given.server.objects[UploadGiven.key]?.headers == ["x-theirs": "1"])
    #expect(await given.server.uploads.isEmpty)
    #expect(await given.server.count("AbortMultipartUpload") == 1)
  }

  @Test("so it is when they are done just before our parts are put together")
  func sameContentAtTheEnd() async throws {
    let given = try UploadGiven.large()
    let (server, same) = (given.server, try await same(given))
    await server.fate(of: "CompleteMultipartUpload", .after { await server.put(UploadGiven.key, same) })
    let result = try await given.storage.run(given.parameters).output(as: UploadResult.self)
    #expect(result.unchanged)
    #expect(await server.objects[UploadGiven.key]?.headers == ["x-theirs": "1"])
    #expect(await server.uploads.isEmpty)
  }

  @Test("our unfinished upload is ended also when its id was lost with the answer")
  func sameContentAfterLostAnswer() async throws {
    let given = try UploadGiven.large()
    let id = try await given.storage.enqueue(given.parameters)
    await given.server.fate(of: "CreateMultipartUpload", .lostAfter)
    try await given.storage.attempt()
    #expect(await given.server.uploads.count == 1)
    await given.server.put(UploadGiven.key, try await same(given))
    #expect(try await given.storage.finish(id).output(as: UploadResult.self).unchanged)
    #expect(await given.server.uploads.isEmpty)
  }

  /// What the job would store, stored by somebody else.
  private func same(_ given: UploadGiven) async throws -> UploadServer.Stored {
    let crc = try await FileDigest.crc32c(path: given.file.path, offset: 0, length: given.size)
    return UploadServer.Stored(
      stamps: UploadRecordingFile.stamps(take: "take-1", size: given.size), size: given.size,
      checksum: (crc.base64, "FULL_OBJECT"), headers: ["x-theirs": "1"])
  }

  private func theirs(size: Int64) -> UploadServer.Stored {
    UploadServer.Stored(
      stamps: ["theirs"], size: size, checksum: (CRC32C([1]).base64, "FULL_OBJECT"), headers: [:])
  }
}
