import AWSClient
import HTTPTransport
import JobQueue
import JobQueueTestKit
import Testing

@testable import StreamingJobs

@Suite("A server of one's own may not know conditions") struct UploadConditionTests {
  private static let sizes: [Int64] = [9, 16 * UploadGiven.mebibyte]
  private static let refusals: [UploadServer.Conditions] = [
    .refused(501, "NotImplemented"), .refused(412, "InvalidRequest"), .refused(400, "NotImplemented"),
    .refused(400, "InvalidArgument"),
  ]

  // ours                                   theirs
  // looks: nothing is there
  // sends two parts                        stores an object under the key
  // sends the others, looks again
  @Test(
    "what somebody stores while parts are sent stays as it is, and the job ends",
    arguments: [.heeded, .ignored] + refusals)
  func appearsMeanwhile(conditions: UploadServer.Conditions) async throws {
    let given = try UploadGiven.large(overSocket: true, conditions: conditions)
    let server = given.server
    await server.fate(of: "UploadPart", .after {}, .after { await server.put(UploadGiven.key, Self.theirs) })
    let job = try await given.storage.run(given.parameters)
    #expect(job.state == .dead)
    #expect(job.lastFailure?.code == "exists")
    #expect(await server.objects[UploadGiven.key]?.stamps == ["theirs"])
    #expect(await server.count("CompleteMultipartUpload") == 0)
    #expect(await server.uploads.isEmpty)
  }

  /// A server at which somebody stores the same content while the first part is under way.
  private static func storedMeanwhile() async throws -> UploadGiven {
    let given = try UploadGiven.large(overSocket: true, conditions: .ignored)
    let server = given.server
    let crc = try await FileDigest.crc32c(path: given.file.path, offset: 0, length: given.size)
    let same = UploadServer.Stored(
      stamps: ["theirs"], size: given.size, checksum: (crc.base64, "FULL_OBJECT"), headers: [:])
    await server.fate(of: "UploadPart", .after { await server.put(UploadGiven.key, same) })
    return given
  }

  @Test("the same content that somebody stores meanwhile counts as uploaded, and our unfinished upload is ended")
  func sameMeanwhile() async throws {
    let given = try await Self.storedMeanwhile()
    let server = given.server
    let result = try await given.storage.run(given.parameters).output(as: UploadResult.self)
    #expect(result.unchanged)
    #expect(await server.objects[UploadGiven.key]?.stamps == ["theirs"])
    #expect(await server.count("CompleteMultipartUpload") == 0)
    #expect(await server.uploads.isEmpty)
  }

  @Test("so it is when the worker is killed before it has ended ours")
  func sameMeanwhileCut() async throws {
    let given = try await Self.storedMeanwhile()
    let server = given.server
    // The first result is that of the upload's beginning, the second that of its end.
    let faults = ScriptedFaults(at: .resultRecorded, arrival: 2)
    let result = try await given.storage.run(given.parameters, faults: faults).output(as: UploadResult.self)
    #expect(result.unchanged)
    #expect(await server.count("AbortMultipartUpload") == 1)
    #expect(await server.uploads.isEmpty)
  }

  @Test(
    "one that refuses the condition is asked without it, and is not asked with it again", arguments: sizes, refusals)
  func refuses(size: Int64, conditions: UploadServer.Conditions) async throws {
    var given = try UploadGiven(size: size, overSocket: true, conditions: conditions)
    let job = try await given.storage.run(given.parameters)
    #expect(job.state == .completed)
    #expect(job.failures == 0)
    await given.expectStored()
    given.parameters.key = "another"
    #expect(try await given.storage.run(given.parameters).state == .completed)
    let conditional = await given.server.requests.map(UploadCall.init).count { $0.isOnlyIfAbsent }
    // A 501 or 400 may be about the checksum as well, which is left away first: that gives up less.
    #expect(conditional == (conditions == .refused(412, "InvalidRequest") ? 1 : 2))
    #expect(await given.server.uploads.isEmpty)
  }

  @Test("it is looked once more before the write goes without the condition", arguments: sizes, refusals)
  func looksAfterRefusal(size: Int64, conditions: UploadServer.Conditions) async throws {
    let given = try UploadGiven(size: size, overSocket: true, conditions: conditions)
    let server = given.server
    let write = size < 16 ? "PutObject" : "CompleteMultipartUpload"
    await server.fate(of: write, .after { await server.put(UploadGiven.key, Self.theirs) })
    let job = try await given.storage.run(given.parameters)
    #expect(job.state == .dead)
    #expect(job.lastFailure?.code == "exists")
    #expect(await server.objects[UploadGiven.key]?.stamps == ["theirs"])
    #expect(await server.uploads.isEmpty)
  }

  // ours                                   the server
  // writes, and hears no answer
  // looks: nothing is there yet            carries the write out
  // writes again: refused by the condition, or by an upload that is done
  @Test(
    "our own write that arrives late is recognised when the second one is refused", arguments: sizes,
    [false, true])
  func late(size: Int64, ownServer: Bool) async throws {
    let given = try UploadGiven(size: size, overSocket: ownServer)
    let write = size < 16 ? "PutObject" : "CompleteMultipartUpload"
    await given.server.fate(of: write, .late)
    let job = try await given.storage.run(given.parameters)
    #expect(job.state == .completed)
    #expect(try job.output(as: UploadResult.self).unchanged == false)
    #expect(await given.server.count(write) == 2)
    await given.expectStored()
  }

  @Test("where no checksum is told, our own late write is recognised by its marks")
  func lateWithoutChecksum() async throws {
    let given = try UploadGiven(size: 9, checksums: .none, overSocket: true)
    await given.server.fate(of: "PutObject", .late)
    let job = try await given.storage.run(given.parameters)
    #expect(try job.output(as: UploadResult.self).unchanged == false)
    #expect(await given.server.count("PutObject") == 2)
    await given.expectStored()
  }

  @Test("an undisturbed upload costs one look more than at AWS where parts are sent, and none otherwise")
  func looks() async throws {
    for (ownServer, onExisting, small, large) in [
      (false, nil, 2, 2), (true, nil, 2, 3), (true, UploadRecording.OnExisting.replace, 2, 2),
    ] {
      let one = try UploadGiven(size: 9, overSocket: ownServer, onExisting: onExisting)
      _ = try await one.storage.run(one.parameters)
      #expect(await one.server.count("HeadObject") == small)
      let many = try UploadGiven.large(overSocket: ownServer, onExisting: onExisting)
      _ = try await many.storage.run(many.parameters)
      #expect(await many.server.count("HeadObject") == large)
      #expect(await many.server.count("CompleteMultipartUpload") == 1)
    }
  }

  private static let theirs = UploadServer.Stored(
    stamps: ["theirs"], size: 5, checksum: (CRC32C([1]).base64, "FULL_OBJECT"), headers: [:])
}
