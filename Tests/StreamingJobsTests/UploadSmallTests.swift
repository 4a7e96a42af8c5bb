import AWSClient
import JobQueue
import JobQueueTestKit
import Testing

@testable import StreamingJobs

@Suite("A small recording goes up in one request") struct UploadSmallTests {
  @Test("it is stored once, read back, and told with its address")
  func stores() async throws {
    let given = try UploadGiven(size: 9)
    let job = try await given.storage.run(given.parameters)
    let result = try job.output(as: UploadResult.self)
    let crc = CRC32C("take-1@0;".utf8)
    #expect(
      result
        == UploadResult(
          bucket: "vod", key: "2026/match.mp4", url: "https://vod.s3.eu-central-1.amazonaws.com/2026/match.mp4",
          size: 9,
          etag: "\"take-1@0;\"", crc32c: crc.base64, parts: 1, resumedParts: 0, verified: ["size", "checksum"],
          unchanged: false))
    #expect(await given.server.operations == ["HeadObject", "PutObject", "HeadObject"])
  }

  @Test("an empty recording is stored as an empty object")
  func empty() async throws {
    let given = try UploadGiven(size: 0)
    let result = try await given.storage.run(given.parameters).output(as: UploadResult.self)
    #expect(result.size == 0)
    #expect(result.crc32c == "AAAAAA==")
    #expect(result.verified == ["size", "checksum"])
    await given.expectStored()
  }

  @Test(
    "its content type follows from its name, whatever the case",
    arguments: [
      (".mp4", "video/mp4"), (".MOV", "video/quicktime"), (".m3u8", "application/vnd.apple.mpegurl"),
      (".ts", "video/mp2t"), (".vtt", "text/vtt"), (".unknown", "application/octet-stream"),
      ("", "application/octet-stream"),
    ])
  func contentType(suffix: String, type: String) async throws {
    let given = try UploadGiven(size: 9, suffix: suffix, overSocket: true)
    _ = try await given.storage.run(given.parameters)
    #expect(await given.server.objects[UploadGiven.key]?.headers["content-type"] == type)
  }

  @Test("what a person says of the object is sent with it, together with the job's mark")
  func options() async throws {
    var given = try UploadGiven(size: 9)
    given.parameters.contentType = "video/x-own"
    given.parameters.cacheControl = "max-age=60"
    given.parameters.acl = "public-read"
    given.parameters.storageClass = "STANDARD_IA"
    let job = try await given.storage.run(given.parameters)
    let put = try #require(await given.server.requests.map(UploadCall.init).first { $0.operation == "PutObject" })
    #expect(put.headers["content-type"] == "video/x-own")
    #expect(put.headers["cache-control"] == "max-age=60")
    #expect(put.headers["x-amz-acl"] == "public-read")
    #expect(put.headers["x-amz-storage-class"] == "STANDARD_IA")
    #expect(put.headers["x-amz-meta-rundown-job"] == "\(given.storage.store.identity)-\(job.id)")
  }

  @Test("a server that tells no checksum is compared by size alone, and the result says so")
  func noChecksum() async throws {
    let given = try UploadGiven(size: 9, checksums: .none, overSocket: true)
    let result = try await given.storage.run(given.parameters).output(as: UploadResult.self)
    #expect(result.verified == ["size"])
    #expect(result.url.hasSuffix("/vod/2026/match.mp4"))
  }

  @Test(
    "an object that reads back otherwise ends the job: what differs is named", arguments: ["size", "checksum", "gone"])
  func differs(what: String) async throws {
    let given = try UploadGiven(size: 9)
    let id = try await given.storage.enqueue(given.parameters)
    let server = given.server
    await server.fate(
      of: "HeadObject", .after {},
      .after {
        switch what {
        case "size": await server.change(UploadGiven.key) { $0.size = 8 }
        case "checksum": await server.change(UploadGiven.key) { $0.checksum = ("AAAAAA==", "FULL_OBJECT") }
        default: await server.remove(UploadGiven.key)
        }
      })
    let job = try await given.storage.finish(id)
    #expect(job.state == .dead)
    #expect(job.lastFailure?.code == "differs")
    let message = try #require(job.lastFailure?.message)
    #expect(
      message.contains(
        ["size": "it has 8 bytes, the file 9", "checksum": "AAAAAA==", "gone": "not there"][what] ?? "?"))
  }
}
