import JobQueue
import Testing

@testable import StreamingJobs

@Suite("What the results of jobs name")
struct ResultFieldTests {
  @Test("each kind lists just what its result holds")
  func fields() throws {
    let switched = MapEntrySwitchResult(
      engine: "e", application: "a", entry: "n", enabled: true, unchanged: false, unread: ["x"])
    let results: [String: any Encodable & Sendable] = [
      EnableMapEntry.kind: switched,
      DisableMapEntry.kind: switched,
      CheckWave.kind: CheckWaveHandler.Result(wave: 1, done: 2, failed: 0),
      CreateBucketConfig.kind: BucketConfigResult(
        bucket: "b", region: "r", url: "u", created: true, changed: [], unsupported: [], unchanged: false),
      CreateMapEntry.kind: MapEntryResult(
        engine: "e", application: "a", entry: "n", playlistPath: "p", created: true, changed: [], unchanged: false,
        unread: ["x"]),
      CreateFastlyTarget.kind: FastlyTargetResult(
        connection: "c", bucket: "b", id: "i", name: "n", originURL: "o", playbackRoot: "r", playbackURL: "u",
        created: true),
      RestreamAsset.kind: RestreamResult(
        connection: "c", assetID: "a", liveStreamID: "l", state: "s", playbackURL: "u", unchanged: true,
        firstJob: JobID(1)),
      StopLiveStream.kind: StopResult(
        connection: "c", occurrence: "o", liveStreamID: "l", state: .stopped, unchanged: true, reason: "r",
        startJob: JobID(1)),
      UploadRecording.kind: UploadResult(
        bucket: "b", key: "k", url: "u", size: 1, etag: "e", crc32c: "c", parts: 1, resumedParts: 0, verified: [],
        unchanged: false),
    ]
    for kind in JobKinds.streaming.all {
      let result = try #require(results[kind.kind], "\(kind.kind)")
      let members = try JSONText.decode([String: JSONValue].self, from: try encoded(result))
      #expect(Set(kind.resultFields) == Set(members.keys), "\(kind.kind)")
    }
  }

  private func encoded(_ value: some Encodable) throws -> String { try JSONText.encode(value) }

  @Test("an upload tells how far it is by the parts it wrote down; what an earlier version wrote down counts as parts")
  func progress() throws {
    let upload = try #require(JobKinds.streaming.named(UploadRecording.kind))
    #expect(upload.progress(Journal()) == nil)
    let size: Int64 = 40 << 20
    let round = UploadRound(
      number: 2, file: FileIdentity(device: 1, inode: 2, size: size, modified: 3, changed: nil), crc32c: nil)
    var journal = Journal(checkpoints: ["round": try JSONText.encode(round)])
    #expect(upload.progress(journal) == JobProgress(parts: 0, allParts: nil, bytes: 0, allBytes: size))
    func sent(_ length: Int64?) throws -> String {
      try JSONText.encode(MultipartUpload.Sent(etag: "e", crc32c: 1, md5: nil, isChecksumTold: nil, length: length))
    }
    journal.checkpoints["part/2/1"] = try sent(16 << 20)
    journal.checkpoints["part/2/3"] = try sent(8 << 20)
    journal.checkpoints["part/1/2"] = try sent(16 << 20)
    #expect(upload.progress(journal) == JobProgress(parts: 2, allParts: 3, bytes: 24 << 20, allBytes: size))
    journal.checkpoints = ["round": try JSONText.encode(round), "part/2/1": try sent(nil)]
    #expect(upload.progress(journal) == JobProgress(parts: 1, allParts: nil, bytes: 0, allBytes: size))
  }
}
