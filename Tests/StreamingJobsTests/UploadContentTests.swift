import AWSClient
import HTTPTransport
import JobQueue
import JobQueueTestKit
import Testing

@testable import StreamingJobs

@Suite("A server of one's own that tells little of an object", .timeLimit(.minutes(10))) struct UploadContentTests {
  private static let small: Int64 = 9
  private static let sizes: [Int64] = [small, 16 * UploadGiven.mebibyte + 9]

  private static func write(_ size: Int64) -> String { size == small ? "PutObject" : "CompleteMultipartUpload" }

  // ours                                   the server, which keeps neither marks nor MD5
  // writes, and hears no answer            stores the object
  // looks: something of this size is there
  // reads it: it is the file
  @Test("what was stored by a request whose answer was lost is known by its bytes, and stored once", arguments: sizes)
  func lostAnswer(size: Int64) async throws {
    let given = try UploadGiven(
      size: size, checksums: .none, overSocket: true, manner: .init(keepsMetadata: false, givesObjects: true))
    await given.server.fate(of: Self.write(size), .lostAfter)
    let job = try await given.storage.run(given.parameters)
    #expect(job.state == .completed && job.failures <= 1, "\(job)")
    #expect(await given.server.count(Self.write(size)) == 1)
    await given.expectStored()
    #expect(try await given.storage.run(given.parameters).output(as: UploadResult.self).unchanged)
  }

  @Test(
    "where the bytes are not to be had either, the job is held with the reason, at most one failure", arguments: sizes)
  func nothingToCompare(size: Int64) async throws {
    let given = try UploadGiven(size: size, checksums: .none, overSocket: true, manner: .init(keepsMetadata: false))
    await given.server.fate(of: Self.write(size), .lostAfter)
    let job = try await given.storage.run(given.parameters)
    #expect(job.state == .held && job.failures <= 1, "\(job)")
    #expect(job.waitReason?.contains("may be ours") == true, "\(job)")
    #expect(await given.server.count(Self.write(size)) == 1)
    await given.expectStored()
  }

  @Test("the entity tag of parts is known as Garage makes it, too")
  func garage() async throws {
    let given = try UploadGiven(
      size: Self.sizes[1], checksums: .none, overSocket: true, manner: .init(hasDigestTags: true, hasTagsOfTexts: true))
    let job = try await given.storage.run(given.parameters)
    #expect(try job.output(as: UploadResult.self).verified == ["size", "etag"], "\(job)")
    #expect(job.failures == 0)
    #expect(try await given.storage.run(given.parameters).output(as: UploadResult.self).unchanged)
  }

  @Test("a part whose entity tag somebody on the way leaves away is asked for in the list of parts")
  func untoldTags() async throws {
    let given = try UploadGiven(size: Self.sizes[1], overSocket: true, manner: .init(tellsPartTags: false))
    let job = try await given.storage.run(given.parameters)
    #expect(job.state == .completed && job.failures == 0, "\(job)")
    #expect(await given.server.count("UploadPart") == UploadGiven.largeParts)
    await given.expectStored()
  }

  /// Tags that look like an MD5 and are none.
  private static func strangeTags(size: Int64) throws -> UploadGiven {
    try UploadGiven(
      size: size, checksums: .none, overSocket: true,
      manner: .init(
        hasDigestTags: true, encryption: ["x-amz-server-side-encryption": "AES256"], givesObjects: true))
  }

  @Test("an entity tag that is made of something else ends no job: the bytes are read back", arguments: sizes)
  func strangeTag(size: Int64) async throws {
    let given = try Self.strangeTags(size: size)
    let job = try await given.storage.run(given.parameters)
    #expect(try job.output(as: UploadResult.self).verified == ["size", "content"], "\(job)")
    #expect(job.failures == 0)
    #expect(try await given.storage.run(given.parameters).output(as: UploadResult.self).unchanged)
    #expect(await given.server.count(Self.write(size)) == 1)
  }

  @Test("bytes that are others than those of the file are no success", arguments: sizes)
  func otherBytes(size: Int64) async throws {
    let given = try Self.strangeTags(size: size)
    let id = try await given.storage.enqueue(given.parameters)
    let server = given.server
    await server.fate(
      of: "GetObject", .after { await server.change(UploadGiven.key) { $0.bytes[$0.bytes.count - 1] ^= 1 } })
    let job = try await given.storage.finish(id)
    #expect(job.state == .dead && job.lastFailure?.code == "differs", "\(job)")
  }

  // ours                                   the server
  // looks: nothing is there
  // writes if nothing is there             412: something is there
  @Test("one that says that a key is taken, and shows nothing there, holds the job at no failure", arguments: sizes)
  func takenUnseen(size: Int64) async throws {
    let given = try UploadGiven(size: size, overSocket: true, conditions: .neverMet)
    let job = try await given.storage.run(given.parameters)
    #expect(job.state == .held && job.failures == 0, "\(job)")
    #expect(job.waitReason?.contains("shows nothing there") == true, "\(job)")
    #expect(await given.server.objects.isEmpty)
    var replacing = given.parameters
    replacing.onExisting = .replace
    _ = try await given.storage.store.cancel([job.id], why: "", at: given.storage.clock.now())
    #expect(try await given.storage.run(replacing).state == .completed)
  }

  @Test("what is seen under the key only a while after the write was refused for it stays as it is", arguments: sizes)
  func takenSeenLater(size: Int64) async throws {
    let given = try UploadGiven(size: size, overSocket: true)
    let server = given.server
    let theirs = UploadServer.Stored(stamps: ["theirs"], size: 3, checksum: nil, headers: [:])
    await server.put(UploadGiven.key, theirs)
    await server.hideObjects(for: 4)
    let job = try await given.storage.run(given.parameters)
    #expect(job.state == .dead && job.lastFailure?.code == "exists", "\(job)")
    #expect(await server.objects[UploadGiven.key]?.stamps == ["theirs"])
  }

  @Test("a redirect that the server calls a temporary one is waited for, however often it comes", arguments: sizes)
  func temporaryRedirect(size: Int64) async throws {
    for ownServer in [true, false] {
      let given = try UploadGiven(size: size, overSocket: ownServer)
      for _ in 0..<14 { await given.server.fate(of: Self.write(size), .refused(307, "TemporaryRedirect")) }
      let job = try await given.storage.run(given.parameters)
      #expect(job.state == .completed && job.failures == 0, "\(job)")
      await given.expectStored()
    }
  }

  // ours                                   the server, which names what it says with a body only
  // HEAD                                   403
  // where is the bucket?                   its own answer, with a request id
  // HEAD                                   403
  @Test("the refusal of a HEAD is the server's own where it names no answer without a body, and closes no gate")
  func wordlessRefusal() async throws {
    let given = try UploadGiven(size: 9, overSocket: true, manner: .init(namesWordless: false, headRefusal: 403))
    let job = try await given.storage.run(given.parameters)
    #expect(job.state == .dead && job.lastFailure?.code == "AccessDenied", "\(job)")
    #expect(try await given.storage.store.attempts(of: job.id).count == 1)
    #expect(try await given.storage.store.gates().allSatisfy { $0.gate.closedAt == nil })
  }
}
