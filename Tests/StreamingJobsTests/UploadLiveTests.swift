import AWSClient
import HTTPTransport
import JobQueue
import JobQueueTestKit
import Testing

@testable import StreamingJobs

@Suite("Uploads to a real server") struct UploadLiveTests {
  @Test("a recording in two parts, cut after its first, is there with its bytes and nothing is pending")
  func twoParts() async throws {
    let given = try await BucketGiven("job-upload-live")
    try await given.s3.createBucket(given.bucket, region: "us-east-1")
    let size: Int64 = 16 << 20 + 9
    let file = try UploadRecordingFile(size: size)
    let parameters = UploadRecording(
      connection: "media", file: file.path, bucket: given.bucket, key: "a b/ü.mp4", parallelParts: 1)
    let faults = ScriptedFaults(at: .checkpointWritten, arrival: 3)
    let job = try await given.storage.run(parameters, faults: faults)
    let result = try job.output(as: UploadResult.self)
    #expect(result.parts == 2)
    #expect(result.resumedParts == 1)
    #expect(result.verified.contains("size"))
    #expect(await given.transport.requests.count { $0.url.contains("partNumber=") } == 2)
    let head = try #require(await given.s3.headObject("a b/ü.mp4", in: given.bucket))
    #expect(head.size == size)
    #expect(head.contentType == "video/mp4")
    #expect(try await given.s3.listMultipartUploads(prefix: "", in: given.bucket).isEmpty)
    let bytes = try await given.s3.getObject("a b/ü.mp4", in: given.bucket, limit: Int(size))
    #expect(bytes.starts(with: "take-1@0;".utf8))
    #expect(bytes.suffix(9).elementsEqual("take-1@16777216;".utf8.prefix(9)))
  }

  @Test("a small recording is there, and a second job finds it")
  func small() async throws {
    let given = try await BucketGiven("job-upload-live-small")
    try await given.s3.createBucket(given.bucket, region: "us-east-1")
    let file = try UploadRecordingFile(size: 9)
    let parameters = UploadRecording(connection: "media", file: file.path, bucket: given.bucket, key: "k.ts")
    let first = try await given.storage.run(parameters).output(as: UploadResult.self)
    #expect(first.verified == ["size", "checksum"])
    #expect(!first.unchanged)
    #expect(try await given.storage.run(parameters).output(as: UploadResult.self).unchanged)
    #expect(try await given.s3.getObject("k.ts", in: given.bucket, limit: 99) == Array("take-1@0;".utf8))
  }

  // MiniStack knows conditions; the second case hides that from the worker, which then has its look only.
  @Test(
    "what somebody stores while a recording is sent stays as it is, and the job ends", arguments: [9, 16 << 20 + 9],
    [true, false])
  func appearsMeanwhile(size: Int, knowsConditions: Bool) async throws {
    let given = try await BucketGiven("job-upload-live-meanwhile-\(size)-\(knowsConditions ? "c" : "l")")
    try await given.s3.createBucket(given.bucket, region: "us-east-1")
    let file = try UploadRecordingFile(size: Int64(size))
    let parameters = UploadRecording(connection: "media", file: file.path, bucket: given.bucket, key: "k")
    let (s3, bucket) = (given.s3, given.bucket)
    await given.transport.answer { request in
      let isGuarded = request.headers.contains { $0.name == "If-None-Match" }
      let isWrite = request.method == "PUT" || request.url.contains("uploadId=") && request.method == "POST"
      if knowsConditions {
        // As late as it can be: between the last look and the write that it guards.
        return isWrite && isGuarded
          ? .after { _ = try await s3.putObject("k", in: bucket, body: .bytes([7])) } : .pass
      }
      guard isGuarded else { return .pass }
      return .afterInstead(
        { _ = try await s3.putObject("k", in: bucket, body: .bytes([7])) }, UploadCall.error(501, "NotImplemented"))
    }
    let job = try await given.storage.run(parameters)
    #expect(job.state == .dead)
    #expect(job.lastFailure?.code == "exists")
    #expect(try await s3.getObject("k", in: bucket, limit: 99) == [7])
    #expect(try await s3.listMultipartUploads(prefix: "", in: bucket).isEmpty)
  }

  @Test("a bucket that does not exist ends the job")
  func noBucket() async throws {
    let given = try await BucketGiven("job-upload-live-none")
    let file = try UploadRecordingFile(size: 9)
    let job = try await given.storage.run(
      UploadRecording(connection: "media", file: file.path, bucket: given.bucket, key: "k"))
    #expect(job.state == .dead)
    #expect(job.lastFailure?.code == "NoSuchBucket")
  }
}
