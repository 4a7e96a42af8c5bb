import AWSClient
import HTTPTransport
import JobQueue
import JobQueueTestKit
import Testing

@testable import StreamingJobs

@Suite("A bucket that was made a moment ago may not be seen everywhere yet") struct NewBucketTests {
  private static let size: Int64 = 16 * UploadGiven.mebibyte

  @Test("its settings wait until it is seen, burn no attempt, and it is created once")
  func settingsWait() async throws {
    let given = try await BucketGiven("job-new-bucket")
    await given.transport.answer { $0.subresource.isEmpty ? .pass : .instead(UploadCall.error(404, "NoSuchBucket")) }
    let id = try await given.storage.enqueue(given.parameters)
    try await given.storage.attempt()
    let waiting = try await given.storage.job(id)
    #expect(waiting.state == .scheduled)
    #expect(waiting.failures == 0)
    #expect(waiting.waitReason?.contains("job-new-bucket is new and not visible everywhere yet") == true)
    await given.transport.answer { _ in .pass }
    let job = try await given.storage.finish(id)
    #expect(job.state == .completed)
    #expect(job.failures == 0)
    #expect(try job.output(as: BucketConfigResult.self).created)
    #expect(await given.transport.writes.count { $0.isEmpty } == 1)
  }

  @Test("one that is seen by the server that reads and not by the one that writes is waited for too")
  func writesWait() async throws {
    let given = try await BucketGiven("job-new-bucket-writes")
    await given.transport.answer {
      $0.method == "PUT" && !$0.subresource.isEmpty ? .instead(UploadCall.error(404, "NoSuchBucket")) : .pass
    }
    let id = try await given.storage.enqueue(given.parameters)
    try await given.storage.attempt()
    #expect(try await given.storage.job(id).failures == 0)
    await given.transport.answer { _ in .pass }
    #expect(try await given.storage.finish(id).state == .completed)
  }

  @Test("after two minutes it is gone: the job ends, and a person's retry waits anew")
  func bounded() async throws {
    let given = try await BucketGiven("job-new-bucket-gone")
    await given.transport.answer { $0.subresource.isEmpty ? .pass : .instead(UploadCall.error(404, "NoSuchBucket")) }
    let start = given.storage.clock.now()
    let id = try await given.storage.enqueue(given.parameters)
    let job = try await given.storage.finish(id)
    #expect(job.state == .dead)
    #expect(job.lastFailure?.code == "NoSuchBucket")
    #expect(job.lastFailure?.hint?.contains("was it deleted?") == true)
    let waited = given.storage.clock.now() - start
    #expect(waited >= .seconds(120) && waited < .seconds(136))
    _ = try await given.storage.store.retry([id], at: given.storage.clock.now())
    try await given.storage.attempt()
    #expect(try await given.storage.job(id).state == .scheduled)
  }

  @Test("an upload that waited for its bucket's job waits for the bucket as well", arguments: [9, size])
  func uploadOfParent(size: Int64) async throws {
    let given = try UploadGiven(size: size)
    let id = try await child(given, made: given.parameters.bucket)
    await given.server.fate(of: operation(size), .refused(404, "NoSuchBucket"), .refused(404, "NoSuchBucket"))
    try await given.storage.attempt()
    #expect(try await given.storage.job(id).waitReason?.contains("not visible everywhere yet") == true)
    let job = try await given.storage.finish(id)
    #expect(job.state == .completed)
    #expect(job.failures == 0)
    await given.expectStored()
  }

  @Test("any other missing bucket ends an upload at once, with the way out", arguments: [nil, "archive"] as [String?])
  func uploadOfNobody(made: String?) async throws {
    let given = try UploadGiven(size: 9)
    let id: JobID
    if let made {
      id = try await child(given, made: made)
    } else {
      id = try await given.storage.enqueue(given.parameters)
    }
    await given.server.fate(of: "PutObject", .refused(404, "NoSuchBucket"))
    let job = try await given.storage.finish(id)
    #expect(job.state == .dead)
    #expect(job.lastFailure?.code == "NoSuchBucket")
    #expect(job.lastFailure?.hint?.contains("create-bucket-config") == true)
    #expect(await given.server.count("PutObject") == 1)
  }

  private func operation(_ size: Int64) -> String { size == Self.size ? "CreateMultipartUpload" : "PutObject" }

  /// An upload whose parent, already completed, made `bucket`.
  private func child(_ given: UploadGiven, made bucket: String) async throws -> JobID {
    let (store, clock) = (given.storage.store, given.storage.clock)
    let parent = try await given.storage.enqueue(CreateBucketConfig(connection: "media", bucket: bucket))
    let request = LeaseRequest(
      owner: WorkerID("b"), limits: [LeaseRequest.QueueLimit(queue: CreateBucketConfig.queue, count: 1)])
    let leased = try #require(try await store.lease(request, at: clock.now()).first)
    let result = BucketConfigResult(
      bucket: bucket, region: "eu-central-1", url: "https://\(bucket).example", created: true, changed: [],
      unsupported: [],
      unchanged: false)
    _ = try await store.complete(
      [Completion(lease: leased.lease, outcome: .done(output: try JSONText.encode(result)), notes: [])],
      at: clock.now())
    var upload = try given.parameters.newJob()
    upload.parents = [.job(parent)]
    return try await store.enqueue([upload], at: clock.now())[0].id
  }
}
