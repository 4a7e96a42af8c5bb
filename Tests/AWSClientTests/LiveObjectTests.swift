import AWSClient
import HTTPTransport
import Testing

@Suite struct LiveObjectTests {
  @Test(
    "An object comes back with its bytes, size, checksum and metadata, whatever its key looks like",
    arguments: ["plain.txt", "a b/ü+&?#%.mp4", "a//b/../c"])
  func objectRoundTrip(_ key: String) async throws {
    let server = try await LiveServer()
    let name = "live-objects-\(key.utf8.count)"
    let (s3, bucket) = try await server.bucket(name)
    #expect(try await s3.headObject(key, in: bucket) == nil)
    let bytes = Array("123456789".utf8)
    _ = try await s3.putObject(
      key, in: bucket, body: .bytes(bytes), crc32c: CRC32C(bytes),
      options: S3ObjectOptions(contentType: "video/mp4", metadata: ["job": "j-1"]))
    let head = try #require(await s3.headObject(key, in: bucket))
    #expect(head.size == 9)
    #expect(head.crc32c == "4waSgw==")
    #expect(head.contentType == "video/mp4")
    #expect(head.metadata["job"] == "j-1")
    #expect(try await s3.getObject(key, in: bucket, limit: 100) == bytes)
  }

  @Test("A conditional write over an existing object is refused")
  func onlyIfAbsent() async throws {
    let (s3, bucket) = try await LiveServer().bucket("live-conditional")
    _ = try await s3.putObject("k", in: bucket, body: .bytes([1]), onlyIfAbsent: true)
    let error = await #expect(throws: ProviderError.self) {
      _ = try await s3.putObject("k", in: bucket, body: .bytes([2]), onlyIfAbsent: true)
    }
    #expect(error?.status == 412)
    #expect(error?.code == "PreconditionFailed")
    #expect(try await s3.getObject("k", in: bucket, limit: 9) == [1])
  }

  @Test("A wrong checksum is refused, so damaged bytes are never stored")
  func wrongChecksum() async throws {
    let (s3, bucket) = try await LiveServer().bucket("live-checksum")
    let error = await #expect(throws: ProviderError.self) {
      _ = try await s3.putObject("k", in: bucket, body: .bytes([1, 2, 3]), crc32c: CRC32C([3, 2, 1]))
    }
    #expect(error?.status == 400)
    #expect(error?.delivery == .refused)
    #expect(try await s3.headObject("k", in: bucket) == nil)
  }

  @Test("Parts are listed while the upload is pending and become one object when it is completed")
  func multipart() async throws {
    let (s3, bucket) = try await LiveServer().bucket("live-multipart")
    let first = [UInt8](repeating: 7, count: 5 << 20)
    let second = Array("the end".utf8)
    let upload = try await s3.createMultipartUpload(
      "film.mp4", in: bucket, options: S3ObjectOptions(contentType: "video/mp4", metadata: ["job": "j-2"]))
    #expect(try await s3.listMultipartUploads(prefix: "fi", in: bucket).map(\.id) == [upload.id])
    #expect(try await s3.listMultipartUploads(prefix: "other", in: bucket).isEmpty)
    var sent: [S3Part] = []
    for (index, bytes) in [first, second].enumerated() {
      sent.append(
        try await s3.uploadPart(
          index + 1, of: upload.id, key: "film.mp4", in: bucket, body: .bytes(bytes), crc32c: CRC32C(bytes)))
    }
    let listed = try await s3.listParts(of: upload.id, key: "film.mp4", in: bucket)
    #expect(listed.map(\.number) == [1, 2])
    #expect(listed.map(\.etag) == sent.map(\.etag))
    #expect(listed.map(\.size) == [Int64(first.count), Int64(second.count)])
    #expect(listed.map(\.crc32c) == [CRC32C(first).base64, CRC32C(second).base64])
    _ = try await s3.completeMultipartUpload(
      upload.id, key: "film.mp4", in: bucket, parts: listed, size: Int64(first.count + second.count))
    let head = try #require(await s3.headObject("film.mp4", in: bucket))
    #expect(head.size == Int64(first.count + second.count))
    #expect(head.metadata["job"] == "j-2")
    #expect(try await s3.getObject("film.mp4", in: bucket, limit: 6 << 20) == first + second)
    #expect(try await s3.listMultipartUploads(prefix: "", in: bucket).isEmpty)
  }

  @Test("A part whose checksum is wrong is refused and not listed")
  func wrongPart() async throws {
    let (s3, bucket) = try await LiveServer().bucket("live-wrong-part")
    let upload = try await s3.createMultipartUpload("k", in: bucket)
    let error = await #expect(throws: ProviderError.self) {
      _ = try await s3.uploadPart(1, of: upload.id, key: "k", in: bucket, body: .bytes([1]), crc32c: CRC32C([2]))
    }
    #expect(error?.status == 400)
    #expect(try await s3.listParts(of: upload.id, key: "k", in: bucket).isEmpty)
  }

  @Test("An aborted upload is gone: its parts, its listing, and a second abort say so")
  func abort() async throws {
    let (s3, bucket) = try await LiveServer().bucket("live-abort")
    let upload = try await s3.createMultipartUpload("k", in: bucket)
    _ = try await s3.uploadPart(1, of: upload.id, key: "k", in: bucket, body: .bytes([1]), crc32c: CRC32C([1]))
    try await s3.abortMultipartUpload(upload.id, key: "k", in: bucket)
    #expect(try await s3.listMultipartUploads(prefix: "", in: bucket).isEmpty)
    for attempt in ["ListParts", "AbortMultipartUpload"] {
      let error = await #expect(throws: ProviderError.self) {
        if attempt == "ListParts" {
          _ = try await s3.listParts(of: upload.id, key: "k", in: bucket)
        } else {
          try await s3.abortMultipartUpload(upload.id, key: "k", in: bucket)
        }
      }
      #expect(error?.operation == attempt)
      #expect(error?.code == "NoSuchUpload")
    }
  }
}
