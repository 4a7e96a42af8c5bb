import FoundationEssentials
import JobQueue
import Manifests
import StreamingJobs
import Testing

@Suite("The files under jobs/")
struct SampleJobsTests {
  private func sample(_ name: String) throws -> JobFile {
    var root = #filePath
    for _ in 0..<3 { root = String(root[..<(root.lastIndex(of: "/") ?? root.startIndex)]) }
    let text = String(decoding: try Data(contentsOf: URL(filePath: "\(root)/jobs/\(name).yaml")), as: UTF8.self)
    return try JobFile.read(text, file: "jobs/\(name).yaml", now: Given.now) { "/here/" + $0 }.get()
  }

  @Test("onboarding brings 24 streams of two engines to two buckets, with one CDN target per bucket")
  func onboarding() throws {
    let file = try sample("onboarding")
    let entries = try file.jobs.filter { $0.kind == CreateMapEntry.kind }.map {
      try CreateMapEntry.decode(payload: $0.payload, version: $0.payloadVersion)
    }
    #expect(entries.count == 24)
    #expect(Set(entries.map { "\($0.engine) \($0.application) \($0.entryName)" }).count == 24)
    #expect(entries.filter { $0.engine == "fra1" && $0.bucket == "rundown-demo-eu" }.count == 12)
    #expect(entries.filter { $0.engine == "fra2" && $0.bucket == "rundown-demo-us" }.count == 12)
    #expect(file.jobs.filter { $0.kind == CreateFastlyTarget.kind }.count == 2)
    #expect(Set(file.jobs.compactMap(\.uniqueKey)).count == 26)
  }

  @Test("the event's manifest comes to the same entries, targets and buckets as the job files")
  func event() throws {
    let text = String(decoding: try ManifestGiven.file("jobs/event.yaml"), as: UTF8.self)
    let manifest = try Manifest.read(text, file: "jobs/event.yaml", ManifestGiven.sources())
    let expansion = try manifest.expanded(known: [:], now: Given.now)
    let jobs = try sample("buckets").jobs + sample("onboarding").jobs
    #expect(expansion.streams.count == 24)
    #expect(Set(expansion.jobs.compactMap(\.uniqueKey)) == Set(jobs.compactMap(\.uniqueKey)))
  }

  @Test("the others hold two buckets, two restreams and three uploads")
  func others() throws {
    #expect(try sample("buckets").jobs.map(\.kind) == Array(repeating: CreateBucketConfig.kind, count: 2))
    #expect(try sample("restreams").jobs.map(\.kind) == Array(repeating: RestreamAsset.kind, count: 2))
    let uploads = try sample("uploads").jobs.map { try UploadRecording.decode(payload: $0.payload, version: 1).file }
    #expect(uploads.allSatisfy { $0.hasPrefix("/here/recordings/") })
    #expect(uploads.count == 3)
  }
}
