import JobQueue
import JobQueueTestKit
import Testing

@testable import StreamingJobs

@Suite("Every job has a unique key, however long its names are") struct UniqueKeyTests {
  private static let longest = String(repeating: "c", count: 255)

  /// Two of a kind that differ in their last byte only, each as long as a kind's own checks let it be.
  private static let pairs: [[any JobParameters]] = [
    ["1", "2"].map {
      UploadRecording(
        connection: longest, file: "/f", bucket: String(repeating: "b", count: 63),
        key: String(repeating: "k", count: 1023) + $0)
    },
    ["1", "2"].map {
      UploadRecording(connection: "m", file: "/f", bucket: "bbb", key: String(repeating: "ü", count: 511) + $0)
    },
    ["1", "2"].map { CreateBucketConfig(connection: longest, bucket: String(repeating: "b", count: 62) + $0) },
    ["1", "2"].map {
      CreateFastlyTarget(
        connection: longest, bucket: "bbb", region: "eu-central-1",
        originURL: "https://h/" + String(repeating: "o", count: 2037) + $0)
    },
    ["1", "2"].map {
      CreateMapEntry(
        engine: longest, application: longest, entryName: String(longest.dropLast()) + $0, sourceStream: "s",
        bucket: "bbb", region: "eu-central-1", credential: "c")
    },
    ["1", "2"].map {
      RestreamAsset(
        connection: longest, assetName: longest, run: String(repeating: "r", count: 127) + $0)
    },
    ["1", "2"].map {
      RestreamAsset(connection: longest, assetName: longest, occurrence: String(longest.dropLast()) + $0)
    },
    ["1", "2"].map { StopLiveStream(connection: longest, occurrence: String(longest.dropLast()) + $0) },
  ]

  @Test("enqueued twice it is one job, and beside another it is two", arguments: pairs.indices)
  func once(_ index: Int) async throws {
    let pair = Self.pairs[index]
    let store = InMemoryJobStore(random: SeededRandom(seed: 1))
    for parameters in pair { #expect(parameters.validate().isEmpty) }
    let jobs = try (pair + pair).map { try $0.newJob() }
    let receipts = try await store.enqueue(jobs, at: VirtualClock().now())
    #expect(Set(receipts.map(\.id)).count == 2)
    #expect(receipts[0].id == receipts[2].id && receipts[1].id == receipts[3].id)
  }

  @Test("a text that fits is its own key; one that is too long ends in a hash and is cut between characters")
  func fitting() {
    #expect(KeyText.name(String(repeating: "ü", count: 256)) == String(repeating: "ü", count: 256))
    let cut = KeyText.name("a" + String(repeating: "ü", count: 256))
    #expect(cut.hasPrefix("aüü") && !cut.contains("\u{FFFD}"))
    // A character of two bytes did not fit into the last one.
    #expect(cut.utf8.count == 511)
    #expect(
      KeyText.name(String(repeating: "a", count: 513)).suffix(72)
        == "#sha256:02425c0f5b0dabf3d2b9115f3f7723a02ad8bcfb1534a0d231614fd42b8188f6")
  }
}
