import AWSClient
import JobQueue
import JobQueueTestKit
import Testing

@testable import StreamingJobs

/// The rows are literal: what stands here is what lies in queue files.
@Suite("What an earlier version wrote down of a running job is understood") struct EarlierVersionTests {
  /// Has the earlier version lease the job that is ready, write, and be replaced.
  private func write(_ rows: [JournalEntry], in given: UploadGiven) async throws {
    let (store, now) = (given.storage.store, given.storage.clock.now())
    let request = LeaseRequest(
      owner: WorkerID("earlier"), limits: [.init(queue: UploadRecording.queue, count: 1)])
    let leased = try #require(try await store.lease(request, at: now).first)
    try await store.write(rows, under: leased.lease, at: now)
    _ = try await store.complete([Completion(lease: leased.lease, outcome: .handBack(why: "replaced"))], at: now)
  }

  @Test("an upload in the midst of its parts goes on with the next one")
  func midst() async throws {
    let given = try UploadGiven.large()
    let storage = given.storage
    let id = try await storage.enqueue(given.parameters)
    // The round, the server's time, two parts.
    try await storage.attempt(faults: ScriptedFaults(at: .checkpointWritten, arrival: 4))
    let file = try await FileIdentity.of(given.file.path, in: UploadRoots(folders: []))
    let parts = try #require(await given.server.uploads["upload-1"]?.parts)
    let changed = try #require(file.changed)
    let identity =
      #"{"changed":\#(changed),"device":\#(file.device),"inode":\#(file.inode),"modified":\#(file.modified),"#
      + #""size":\#(file.size)}"#
    var rows = ["round": #"{"file":\#(identity),"number":1}"#]
    for (number, part) in parts {
      let tag = try #require(part.stamps.first)
      rows["part/1/\(number)"] =
        #"{"crc32c":\#(part.crc.value),"etag":"\"\#(tag)\"","isChecksumTold":false}"#
    }
    let journal = try await storage.store.journal(of: id)
    #expect(Set(journal.checkpoints.keys) == Set(rows.keys).union(["create-upload-1/before"]))
    #expect(journal.effects["create-upload-1"]?.result == #"{"checksumType":"FULL_OBJECT","id":"upload-1"}"#)
    try await write(rows.map { .checkpoint(key: $0.key, json: $0.value) }, in: given)
    let result = try await storage.finish(id).output(as: UploadResult.self)
    #expect(result.resumedParts == 2)
    #expect(!result.unchanged)
    #expect(await given.server.count("UploadPart") == UploadGiven.largeParts)
    #expect(await given.server.count("CreateMultipartUpload") == 1)
    await given.expectStored()
  }

  @Test("an upload whose completion was asked for, with its answer or without, is one object")
  func completed() async throws {
    for point in [FaultPoint.effectPerformed, .resultRecorded] {
      let given = try UploadGiven.large()
      let storage = given.storage
      let id = try await storage.enqueue(given.parameters)
      try await storage.attempt(faults: ScriptedFaults(at: point, arrival: 2))
      if point == .resultRecorded {
        // The entity tag alone.
        let row = JournalEntry.result(
          effect: "complete-upload-1", json: #""\"done\"""#, origin: .performed, claim: nil)
        try await write([row], in: given)
        #expect(try await storage.store.journal(of: id).effects["complete-upload-1"]?.result == #""\"done\"""#)
      }
      let result = try await storage.finish(id).output(as: UploadResult.self)
      #expect(!result.unchanged)
      #expect(await given.server.count("CompleteMultipartUpload") == 1)
      #expect(await given.server.count("UploadPart") == UploadGiven.largeParts)
      await given.expectStored()
    }
  }

  @Test("a bucket that was written down by its name alone is that bucket, in the region that the job names")
  func bucket() throws {
    #expect(
      try JSONText.decode(MadeBucket.self, from: #""example-vod""#) == MadeBucket(name: "example-vod", region: nil))
    let made = MadeBucket(name: "example-vod", region: "eu-central-1")
    #expect(try JSONText.decode(MadeBucket.self, from: try JSONText.encode(made)) == made)
  }

  @Test("an object that was written down by its entity tag alone is that object")
  func object() throws {
    let tag = try JSONText.decode(CompletedUpload.self, from: #""\"done\"""#)
    #expect(tag == CompletedUpload(etag: #""done""#, isForeign: nil))
    #expect(try JSONText.decode(CompletedUpload.self, from: #""""#) == CompletedUpload(etag: nil, isForeign: nil))
    for object in [CompletedUpload(etag: nil, isForeign: true), CompletedUpload(etag: "a", isForeign: false)] {
      #expect(try JSONText.decode(CompletedUpload.self, from: try JSONText.encode(object)) == object)
    }
  }
}
