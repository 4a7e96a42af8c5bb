import AWSClient
import HTTPTransport
import JobQueue
import JobQueueTestKit
import TestServers
import Testing

@testable import StreamingJobs

/// A row of the table of S3 servers in docs/providers.md: what is tried, and what is told of a server where it holds.
struct S3MatrixCase: Sendable, CustomTestStringConvertible {
  /// The row's first cell.
  let name: String
  /// - Returns: the server's cell.
  let run: @Sendable (S3Server.Kind) async throws -> String

  var testDescription: String { name }

  static let all = [
    bucket, askedFor, inOneRequest, inParts, resumed, lostCompletion, exists, conditions, keys,
  ]

  private static let mebibyte: Int64 = 1 << 20
  private static let twoPartSize = 17 * mebibyte + 1

  private static let bucket = S3MatrixCase(name: "a bucket is set up, and a second job changes nothing") { kind in
    let given = try await S3MatrixGiven(kind, "setup")
    let parameters = CreateBucketConfig(connection: "media", bucket: given.bucket)
    let job = try await given.storage.run(parameters)
    try need(job.state == .completed && job.failures == 0, "\(job.state): \(job.lastFailure.map { "\($0)" } ?? "")")
    let result = try job.output(as: BucketConfigResult.self)
    try need(result.created, "the bucket was there")
    let notes = try await given.notes(of: job)
    for setting in result.unsupported {
      try need(notes.contains { $0.hasPrefix("\(setting): unsupported; ") }, "no note tells of \(setting)")
    }
    let shown = "GET \(given.server.url)/\(given.bucket)?cors → "
    try need(notes.contains { $0.contains(shown) }, "no note names the sub-resource")
    let again = try await given.completed(parameters, as: BucketConfigResult.self)
    try need(again.unchanged && again.unsupported == result.unsupported, "the second job changed \(again.changed)")
    return result.unsupported.isEmpty ? "yes" : "yes; unsupported: \(result.unsupported.joined(separator: ", "))"
  }

  private static let askedFor = S3MatrixCase(
    name: "what was asked for and is unsupported ends the job, unless it may be left out"
  ) { kind in
    let given = try await S3MatrixGiven(kind, "asked")
    var parameters = CreateBucketConfig(
      connection: "media", bucket: given.bucket, ownership: "ObjectWriter", publicRead: true,
      corsAllowedHeaders: ["Range"], corsExposedHeaders: [], abortIncompleteDays: 3, tags: ["team": "live"])
    let job = try await given.storage.run(parameters)
    let unsupported: [String]
    if job.state == .dead {
      try need(job.lastFailure?.code == "unsupported", "\(job.lastFailure.map { "\($0)" } ?? "")")
      try need(job.lastFailure?.hint?.contains("--skip-unsupported") == true, "the hint names no way out")
    }
    parameters.skipUnsupported = true
    let skipped = try await given.completed(parameters, as: BucketConfigResult.self)
    unsupported = skipped.unsupported
    try need(unsupported.isEmpty == (job.state == .completed), "unsupported: \(unsupported), and it was \(job.state)")
    try need(skipped.unchanged, "the job that ended had left \(skipped.changed) as it was")
    if !unsupported.contains("cors") {
      let rule = try await given.s3.cors(given.bucket)?.first
      try need(rule?.allowedHeaders == ["Range"] && rule?.exposeHeaders == [], "the rule for players is \(rule as Any)")
    }
    return unsupported.isEmpty ? "all is known" : "yes; unsupported: \(unsupported.joined(separator: ", "))"
  }

  private static let inOneRequest = S3MatrixCase(
    name: "recordings of 1 byte, 5 MiB and 16 MiB go in one request, verified; the same again is unchanged"
  ) { kind in
    let given = try await S3MatrixGiven.withBucket(kind, "one-request")
    var verified: Set<[String]> = []
    for size in [1, 5 * mebibyte, 16 * mebibyte] {
      let file = try UploadRecordingFile(size: size)
      let key = "\(size).mp4"
      let first = try await given.completed(given.upload(file, key: key), as: UploadResult.self)
      try need(first.parts == 1 && !first.unchanged, "\(size): \(first)")
      try need(first.verified.count == 2, "\(size): only the size was compared")
      verified.insert(first.verified)
      let again = try await given.completed(given.upload(file, key: key), as: UploadResult.self)
      try need(again.unchanged, "\(size): it was sent again")
      let bytes = try await given.s3.getObject(key, in: given.bucket, limit: 64 << 20)
      try need(bytes.starts(with: "take-1@0;".utf8.prefix(Int(size))), "\(size): other bytes came back")
    }
    let requests = await given.transport.requests
    try need(requests.allSatisfy { !$0.url.contains("upload") }, "one went in parts")
    // What the server does not know of a write it refuses once, with the first of them.
    let later = requests.filter { $0.method == "PUT" && !$0.url.hasSuffix("/1.mp4") }
    try need(later.count == 2, "a body was sent more than once")
    return told(verified)
  }

  private static let inParts = S3MatrixCase(
    name: "a recording of 17 MiB and a byte goes in parts, verified; the same again, also cut otherwise, is unchanged"
  ) { kind in
    let given = try await S3MatrixGiven.withBucket(kind, "large")
    let file = try UploadRecordingFile(size: twoPartSize)
    let first = try await given.completed(given.upload(file), as: UploadResult.self)
    try need(first.parts == 2 && !first.unchanged, "\(first)")
    try need(first.verified.count == 2, "only the size was compared")
    try need(await given.transport.requests.count { $0.url.contains("partNumber=") } == 2, "a part was sent twice")
    try need(try await given.completed(given.upload(file), as: UploadResult.self).unchanged, "it was sent again")
    // Cut otherwise it is the same file.
    let otherwise = try await given.completed(given.upload(file, partSize: 64), as: UploadResult.self)
    try need(otherwise.unchanged, "cut otherwise it was sent again")
    let pending = try await given.s3.listMultipartUploads(prefix: "", in: given.bucket)
    try need(pending.isEmpty, "\(pending.count) unfinished uploads are left")
    let bytes = try await given.s3.getObject("k.mp4", in: given.bucket, limit: 64 << 20)
    let last = Int(16 * mebibyte)
    try need(bytes[last...].starts(with: "take-1@16777216;".utf8), "other bytes came back")
    return told([first.verified])
  }

  private static let resumed = S3MatrixCase(name: "an upload goes on after its first part") { kind in
    let given = try await S3MatrixGiven.withBucket(kind, "resumed")
    let file = try UploadRecordingFile(size: twoPartSize)
    var parameters = given.upload(file)
    parameters.parallelParts = 1
    let result = try await given.completed(
      parameters, as: UploadResult.self, faults: ScriptedFaults(at: .checkpointWritten, arrival: 3))
    try need(result.resumedParts == 1, "\(result.resumedParts) parts were there")
    try need(await given.transport.requests.count { $0.url.contains("partNumber=") } == 2, "a part was sent twice")
    return "yes"
  }

  private static let lostCompletion = S3MatrixCase(name: "a completion whose answer was lost is recognised") { kind in
    let given = try await S3MatrixGiven.withBucket(kind, "lost")
    let file = try UploadRecordingFile(size: twoPartSize)
    await given.transport.answer { request in
      request.method == "POST" && request.url.contains("uploadId=") ? .lost : .pass
    }
    let job = try await given.storage.run(given.upload(file))
    try need(job.state == .completed, "\(job.state): \(job.lastFailure.map { "\($0)" } ?? "")")
    try need(try !job.output(as: UploadResult.self).unchanged, "it was taken for somebody else's")
    try need(await given.transport.requests.count { $0.url.contains("partNumber=") } == 2, "a part was sent twice")
    return "yes"
  }

  private static let exists = S3MatrixCase(name: "what somebody else stored stays as it is") { kind in
    for size in [9, twoPartSize] {
      let given = try await S3MatrixGiven.withBucket(kind, "exists-\(size)")
      let theirs = [UInt8](repeating: 7, count: Int(size))
      _ = try await given.s3.putObject("k.mp4", in: given.bucket, body: .bytes(theirs))
      let file = try UploadRecordingFile(size: size)
      let job = try await given.storage.run(given.upload(file))
      try need(job.state == .dead && job.lastFailure?.code == "exists", "\(job.state): \(job.lastFailure as Any)")
      let bytes = try await given.s3.getObject("k.mp4", in: given.bucket, limit: 64 << 20)
      try need(bytes == theirs, "it was replaced")
    }
    return "yes"
  }

  // ours                                      theirs
  // the last look: nothing is there
  //                                           stores an object under the key
  // writes, if it may
  private static let conditions = S3MatrixCase(
    name: "what somebody else stores right before our write: one request; parts"
  ) { kind in
    var cells: [String] = []
    for size in [9, twoPartSize] {
      let given = try await S3MatrixGiven.withBucket(kind, "condition-\(size)")
      let (s3, bucket) = (given.s3, given.bucket)
      await given.transport.answer { request in
        let isWrite =
          size == 9 ? request.method == "PUT" : request.method == "POST" && request.url.contains("uploadId=")
        guard isWrite else { return .pass }
        return .after { _ = try await s3.putObject("k.mp4", in: bucket, body: .bytes([7])) }
      }
      let file = try UploadRecordingFile(size: size)
      let job = try await given.storage.run(given.upload(file))
      let stays = try await s3.getObject("k.mp4", in: bucket, limit: 64 << 20) == [7]
      try need(stays == (job.state == .dead), "it \(stays ? "stays" : "is replaced"), and the job is \(job.state)")
      if stays { try need(job.lastFailure?.code == "exists", "\(job.lastFailure as Any)") }
      cells.append(stays ? "stays" : "replaced")
    }
    return cells.joined(separator: "; ")
  }

  private static let keys = S3MatrixCase(name: "keys of any characters, and their addresses") { kind in
    let given = try await S3MatrixGiven.withBucket(kind, "keys")
    let file = try UploadRecordingFile(size: 9)
    for key in ["h#1.mp4", "q?m=1.mp4", "100%25.mp4", "a+b c.mp4", "ü/é.mp4"] {
      let result = try await given.completed(given.upload(file, key: key), as: UploadResult.self)
      let bytes = try await given.s3.getObject(key, in: given.bucket, limit: 64 << 20)
      try need(bytes.count == 9, "\(key): other bytes came back")
      let isAddress = await given.transport.requests.contains { $0.method == "HEAD" && $0.url == result.url }
      try need(isAddress, "\(key): \(result.url) is not where it is")
    }
    return "yes"
  }

  private static func told(_ verified: Set<[String]>) -> String {
    "yes, by \(Set(verified.compactMap(\.last)).sorted().joined(separator: " or "))"
  }
}
