import AWSClient
import HTTPTransport
import JobQueue
import Testing

@testable import StreamingJobs

@Suite("However an S3 server words its answers, a recording is stored once and verified") struct UploadMannerTests {
  private static let mebibyte = UploadGiven.mebibyte
  private static let sizes: [Int64] = [9, 16 * mebibyte + 9]

  @Test("its checksum is told in any form, or none is", arguments: UploadServer.Checksums.allCases, sizes)
  func checksums(checksums: UploadServer.Checksums, size: Int64) async throws {
    let given = try UploadGiven(size: size, checksums: checksums, overSocket: true, manner: .init(hasDigestTags: true))
    let first = try await given.storage.run(given.parameters)
    #expect(first.state == .completed)
    #expect(first.failures == 0)
    let verified = try first.output(as: UploadResult.self).verified
    #expect(verified == ["size", checksums == .none ? "etag" : "checksum"])
    await given.expectStored()
    #expect(try await given.storage.run(given.parameters).output(as: UploadResult.self).unchanged)
    #expect(await given.server.count("PutObject") + given.server.count("CompleteMultipartUpload") == 1)
  }

  // Ceph 20 calls the checksum of an object that was put together from one part composite, and tells that of all bytes.
  @Test("an object of one part is recognised by the checksum of all bytes and a number", arguments: sizes)
  func onePart(size: Int64) async throws {
    let given = try UploadGiven(size: size, overSocket: true)
    let whole = try await FileDigest.crc32c(path: given.file.path, offset: 0, length: size).base64
    let stored = UploadServer.Stored(
      stamps: ["theirs"], size: size, checksum: ("\(whole)-1", "COMPOSITE"), headers: [:])
    await given.server.put(UploadGiven.key, stored)
    #expect(try await given.storage.run(given.parameters).output(as: UploadResult.self).unchanged)
    #expect(await given.server.writes.isEmpty)
    // Another file of this size is another one.
    try given.file.record(size: size, take: "take-2")
    let job = try await given.storage.run(given.parameters)
    #expect(job.lastFailure?.code == "exists")
  }

  @Test("one whose parts make one goes in one request, of up to 5 GiB")
  func oneRequest() async throws {
    var given = try UploadGiven(size: 17 * Self.mebibyte, overSocket: true)
    given.parameters.partSize = 32
    let result = try await given.storage.run(given.parameters).output(as: UploadResult.self)
    #expect(result.parts == 1)
    #expect(await given.server.writes == ["PutObject"])
    #expect(PartPlan.largestObjectInOne == 5 << 30)
  }

  @Test(
    "the entity tag of an object that KMS or a customer's key encrypts means nothing and is not compared",
    arguments: [
      ["x-amz-server-side-encryption": "aws:kms"], ["x-amz-server-side-encryption": "aws:kms:dsse"],
      ["x-amz-server-side-encryption-customer-algorithm": "AES256"],
    ], sizes)
  func encrypted(encryption: [String: String], size: Int64) async throws {
    let given = try UploadGiven(
      size: size, checksums: .none, overSocket: true, manner: .init(hasDigestTags: true, encryption: encryption))
    let job = try await given.storage.run(given.parameters)
    #expect(job.state == .completed)
    #expect(try job.output(as: UploadResult.self).verified == ["size"])
    #expect(job.failures == 0)
    #expect(await given.server.count("PutObject") + given.server.count("CompleteMultipartUpload") == 1)
    await given.expectStored()
  }

  @Test("with keys of the server's own it is still that of the bytes, so another one is no success", arguments: sizes)
  func encryptedByServer(size: Int64) async throws {
    let given = try UploadGiven(
      size: size, checksums: .none, overSocket: true,
      manner: .init(hasDigestTags: true, encryption: ["x-amz-server-side-encryption": "AES256"]))
    let job = try await given.storage.run(given.parameters)
    #expect(job.state == .dead)
    #expect(job.lastFailure?.code == "differs")
  }

  @Test("the checksums of parts are told again at the end where the parts' answers told them, and only there")
  func checksumsOfParts() async throws {
    for manner in [UploadServer.Manner(refusesPartChecksums: true), UploadServer.Manner(tellsPartChecksums: true)] {
      let given = try UploadGiven(size: Self.sizes[1], checksums: .none, overSocket: true, manner: manner)
      let job = try await given.storage.run(given.parameters)
      #expect(job.state == .completed, "\(job.lastFailure as Any)")
      #expect(job.failures == 0)
      #expect(await given.server.count("CompleteMultipartUpload") == 1)
      await given.expectStored()
    }
  }

  @Test(
    "the end of an upload is a success whatever its document is called",
    arguments: ["CompleteMultipartUpload", "Result"])
  func anyRoot(root: String) async throws {
    let given = try UploadGiven(size: Self.sizes[1], overSocket: true, manner: .init(completionRoot: root))
    let job = try await given.storage.run(given.parameters)
    #expect(job.state == .completed)
    #expect(job.failures == 0)
    #expect(await given.server.count("CompleteMultipartUpload") == 1)
    #expect(await given.server.count("UploadPart") == UploadGiven.largeParts)
  }

  @Test("once it is seen there with our mark, it is not sent again, though the end was never understood")
  func neverUnderstood() async throws {
    let given = try UploadGiven(size: Self.sizes[1], overSocket: true)
    await given.server.fate(of: "CompleteMultipartUpload", .lostAfter)
    let job = try await given.storage.run(given.parameters)
    #expect(job.state == .completed)
    #expect(await given.server.count("UploadPart") == UploadGiven.largeParts)
    #expect(await given.server.count("CompleteMultipartUpload") == 1)
  }

  @Test("one that tells no size, as behind a gateway that compresses, is compared by what it tells", arguments: sizes)
  func noSize(size: Int64) async throws {
    let given = try UploadGiven(
      size: size, checksums: .none, overSocket: true, manner: .init(hasDigestTags: true, tellsSize: false))
    let job = try await given.storage.run(given.parameters)
    #expect(job.state == .completed, "\(job.lastFailure as Any)")
    #expect(try job.output(as: UploadResult.self).verified == ["etag"])
    #expect(try await given.storage.run(given.parameters).output(as: UploadResult.self).unchanged)
    try given.file.record(size: size, take: "take-2")
    #expect(try await given.storage.run(given.parameters).lastFailure?.code == "exists")
  }

  @Test("a bucket whose name fits no host of AWS is addressed by path", arguments: ["My_Bucket", "UPPER", "a_b.C"])
  func bucketNames(bucket: String) async throws {
    var given = try UploadGiven(size: 9, overSocket: true)
    given.parameters.bucket = bucket
    let result = try await given.storage.run(given.parameters).output(as: UploadResult.self)
    #expect(result.url.hasSuffix("/\(bucket)/\(UploadGiven.key)"))
    #expect(await given.server.requests.allSatisfy { $0.url.hasPrefix("http://storage.test/\(bucket)/") })
  }
}
