import HTTPTransport
import JobQueue
import JobQueueTestKit
import Testing
import Threading

@testable import AWSClient
@testable import StreamingJobs

@Suite("Servers of one's own may know less, and show late") struct UploadReadingTests {
  /// Everything goes over a socket, by way of the real transport.
  private static let sizes: [Int64] = [9, 16 * UploadGiven.mebibyte + 9]
  private static let refusals: [(size: Int64, status: Int, code: String)] = [
    (sizes[0], 400, "InvalidRequest"), (sizes[0], 400, "InvalidArgument"), (sizes[0], 501, "NotImplemented"),
    (sizes[1], 501, "NotImplemented"),
  ]

  private func given(_ size: Int64) throws -> UploadGiven {
    try UploadGiven(size: size, checksums: .none, overSocket: true, manner: .init(hasDigestTags: true))
  }

  @Test(
    "one that refuses checksums is asked once without, and not with them again by the next job", arguments: refusals)
  func refusesChecksums(size: Int64, status: Int, code: String) async throws {
    var given = try given(size)
    await given.server.refuseChecksums(status, code)
    let job = try await given.storage.run(given.parameters)
    #expect(job.state == .completed)
    #expect(job.failures == 0)
    #expect(try job.output(as: UploadResult.self).verified == ["size", "etag"])
    await given.expectStored()
    // The reason of a HEAD's 400 is not told, so it is asked once more with other credentials.
    #expect(
      await given.server.requestsWithChecksums == (status == 400 ? ["HeadObject", "HeadObject"] : ["HeadObject"]))
    let refused = await given.server.requestsWithChecksums.count
    given.parameters.key = "another.mp4"
    #expect(try await given.storage.run(given.parameters).state == .completed)
    #expect(await given.server.requestsWithChecksums.count == refused)
  }

  @Test(
    "one that compares a checksum wrongly is asked without, its bytes guarded by their SHA-256; damage stays damage",
    arguments: sizes, [true, false])
  func comparesWrongly(size: Int64, isAboutChecksum: Bool) async throws {
    let given = try given(size)
    await given.server.refuseChecksums(
      400, "BadDigest",
      says:
        "The \(isAboutChecksum ? "x-amz-checksum-crc32c" : "Content-MD5") you specified did not match what we received",
      ofBodies: true)
    let id = try await given.storage.enqueue(given.parameters)
    try await given.storage.attempt()
    let job = try await given.storage.job(id)
    #expect(job.state == (isAboutChecksum ? .completed : .scheduled), "\(job.lastFailure as Any)")
    #expect(job.failures == (isAboutChecksum ? 0 : 1))
    guard isAboutChecksum else { return }
    await given.expectStored()
    let hashes = await given.server.requests.filter { $0.method == "PUT" }.map(UploadCall.init).compactMap {
      $0.headers["x-amz-content-sha256"]
    }
    #expect(!hashes.isEmpty && hashes.allSatisfy { $0.count == 64 })
  }

  @Test(
    "over TLS too, one that refuses checksums has its bytes guarded by their SHA-256; one that takes them need not",
    arguments: sizes, [true, false])
  func hashOverTLS(size: Int64, refuses: Bool) async throws {
    try await UploadGiven.overTLS(
      size: size, checksums: refuses ? .none : .fullObject, manner: .init(hasDigestTags: true)
    ) { given in
      if refuses { await given.server.refuseChecksums(400, "InvalidRequest") }
      let job = try await given.storage.run(given.parameters)
      #expect(job.state == .completed && job.failures == 0, "\(job)")
      await given.expectStored()
      let sent = await given.server.requests.filter { $0.method == "PUT" }
      #expect(sent.count == (size == 9 ? 1 : UploadGiven.largeParts))
      for request in sent {
        guard case .bytes(let bytes) = request.body else { continue }
        let hash = UploadCall(request).headers["x-amz-content-sha256"]
        #expect(hash == (refuses ? Digests.sha256Hex(bytes) : "UNSIGNED-PAYLOAD"))
      }
    }
  }

  // The MD5s of parts that were sent stand in their checkpoints; nothing else tells whether they were computed.
  @Test("MD5 is computed for a server of one's own that has not told a checksum yet, and for no other")
  func md5OnlyWhereNeeded() async throws {
    for (checksums, isOwn, first, second) in [
      (UploadServer.Checksums.none, true, true, true), (.fullObject, true, true, false), (.none, false, false, false),
      (.fullObject, false, false, false),
    ] {
      var given = try UploadGiven(
        size: Self.sizes[1], checksums: checksums, overSocket: isOwn, manner: .init(hasDigestTags: isOwn))
      #expect(try await sentWithMD5(given) == first, "\(checksums), \(isOwn)")
      given.parameters.key = "another.mp4"
      #expect(try await sentWithMD5(given) == second, "\(checksums), \(isOwn)")
    }
  }

  private func sentWithMD5(_ given: UploadGiven) async throws -> Bool {
    let id = try await given.storage.enqueue(given.parameters)
    let journal = MutexBox(Journal())
    let job = try await given.storage.finish(
      id,
      faults: Meanwhile(at: .checkpointWritten, arrival: 4) {
        let written = try await given.storage.store.journal(of: id)
        journal.withLock { $0 = written }
      })
    #expect(job.state == .completed, "\(job)")
    let parts = journal.withLock { $0.checkpoints }.filter { $0.key.hasPrefix("part/") }
    #expect(!parts.isEmpty)
    return parts.allSatisfy { $0.value.contains("md5") }
  }

  @Test(
    "one that refuses checksums and conditions, in whatever words, is asked without both",
    arguments: [(400, "InvalidArgument"), (501, "NotImplemented")],
    [(400, "InvalidArgument"), (400, "NotImplemented"), (501, "NotImplemented"), (412, "InvalidRequest")])
  func refusesBoth(checksums: (status: Int, code: String), condition: (status: Int, code: String)) async throws {
    for size in Self.sizes {
      let given = try UploadGiven(
        size: size, checksums: .none, overSocket: true, conditions: .refused(condition.status, condition.code))
      await given.server.refuseChecksums(checksums.status, checksums.code)
      let job = try await given.storage.run(given.parameters)
      #expect(job.state == .completed, "\(size): \(job.lastFailure as Any)")
      #expect(job.failures == 0)
      await given.expectStored()
    }
  }

  @Test("a refusal for another reason is told, and nothing is stored", arguments: sizes)
  func refusedAnyway(size: Int64) async throws {
    for (status, code) in [(400, "InvalidRequest"), (403, "AccessDenied"), (400, "EntityTooLarge")] {
      let given = try given(size)
      let operation = size == 9 ? "PutObject" : "CompleteMultipartUpload"
      let fates = [UploadServer.Fate](repeating: .refused(status, code), count: 9)
      for fate in fates { await given.server.fate(of: operation, fate) }
      let job = try await given.storage.run(given.parameters)
      #expect(job.state == .dead)
      #expect(job.lastFailure?.code == code)
      #expect(await given.server.objects.isEmpty)
    }
  }

  @Test("one that takes the wish for checksums and refuses those of parts is asked without them")
  func refusesThoseOfParts() async throws {
    for (status, code) in [(501, "NotImplemented"), (400, "InvalidArgument")] {
      let given = try given(Self.sizes[1])
      await given.server.refuseChecksums(status, code, ofBodies: true)
      let job = try await given.storage.run(given.parameters)
      #expect(job.state == .completed, "\(job.lastFailure as Any)")
      #expect(job.failures == 0)
      #expect(await given.server.count("CreateMultipartUpload") == 1)
      await given.expectStored()
    }
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

  @Test("a retry of that job adopts the object once it is seen, and sends nothing", arguments: sizes)
  func adopted(size: Int64) async throws {
    let given = try given(size)
    await given.server.hideObjects(for: .max)
    let id = try await given.storage.enqueue(given.parameters)
    #expect(try await given.storage.finish(id).state == .dead)
    await given.server.hideObjects(for: 0)
    let sent = await given.server.writes
    _ = try await given.storage.store.retry([id], at: given.storage.clock.now())
    let job = try await given.storage.finish(id)
    #expect(job.state == .completed)
    #expect(try !job.output(as: UploadResult.self).unchanged)
    #expect(await given.server.writes == sent)
    await given.expectStored()
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

  @Test(
    "one that does not list unfinished uploads gets another one after the answer to the first was lost",
    arguments: [405, 501])
  func listsNoUploads(status: Int) async throws {
    let given = try given(Self.sizes[1])
    await given.server.fate(of: "CreateMultipartUpload", .lostAfter)
    await given.server.fate(of: "ListMultipartUploads", .refused(status, "NotImplemented"))
    let job = try await given.storage.run(given.parameters)
    #expect(job.state == .completed, "\(job.lastFailure as Any)")
    #expect(await given.server.count("CreateMultipartUpload") == 2)
    #expect(await given.server.objects[UploadGiven.key]?.size == given.size)
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
