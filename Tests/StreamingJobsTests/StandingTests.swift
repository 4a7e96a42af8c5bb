import JobQueue
import JobQueueTestKit
import StreamingJobs
import TestServers
import Testing

@Suite("How a provider stands to what a job would bring about")
struct StandingTests {
  private static let target = CreateFastlyTarget(
    connection: "main", bucket: "example-live", region: "eu-central-1", name: "eu-live", forceSSL: true)

  private func standing(_ parameters: some JobParameters, _ look: ProviderLook) async throws -> Standing? {
    let kind = try #require(JobKinds.streaming.named(type(of: parameters).kind))
    return try await kind.standing(try JSONText.encode(parameters), look)
  }

  @Test(
    "a map entry is missing, then as asked; what differs is told with both values, and what replaces would change it")
  func mapEntry() async throws {
    try await Given.standIns { given in
      let before = ProviderLook(clients: given.clients)
      #expect(try await standing(MapEntryTests.single, before) == .missing)
      _ = try await given.outcome(of: MapEntryTests.single)
      // What was looked at stays so: a plan is of one moment.
      #expect(try await standing(MapEntryTests.single, before) == .missing)
      let look = ProviderLook(clients: given.clients)
      #expect(try await standing(MapEntryTests.single, look) == .asAsked(id: nil, unread: []))
      var other = MapEntryTests.single
      other.bucket = "another"
      let words = [FieldDifference(field: "cloudstorage.bucketName", found: "example-live", wanted: "another")]
      #expect(words[0].sentence == "cloudstorage.bucketName is 'example-live', not 'another'")
      #expect(try await standing(other, look) == .refuses(words))
      other.onExisting = .replace
      #expect(try await standing(other, look) == .changes(words))
      #expect(look.calls.mapValues(\.requests) == ["engine:fra1": 1], "one list is asked for once")
      #expect(try await given.engineCount("created") == 1)
      #expect(try await given.engineCount("updated") == 0)
    }
  }

  @Test("a CDN target is missing, then as asked by its number; a second look makes nothing")
  func target() async throws {
    try await Given.standIns { given in
      #expect(try await standing(Self.target, ProviderLook(clients: given.clients)) == .missing)
      let made = try await given.outcome(of: Self.target).output(FastlyTargetResult.self)
      let look = ProviderLook(clients: given.clients)
      #expect(try await standing(Self.target, look) == .asAsked(id: made.id, unread: []))
      var other = Self.target
      other.forceSSL = false
      #expect(
        try await standing(other, look)
          == .refuses([FieldDifference(field: "force_ssl_playback", found: "true", wanted: "false")]))
      #expect(try await given.videoCount("createdTargets") == 1)
    }
  }

  @Test("what only does something cannot be looked at")
  func none() async throws {
    try await Given.standIns { given in
      let look = ProviderLook(clients: given.clients)
      let restream = RestreamAsset(connection: "main", assetID: "paprtlx9")
      let standing = try await standing(restream, look)
      #expect(standing == nil && look.calls.isEmpty)
    }
  }

  @Test("what a manifest asked for stands in its inventory from the commit of the job's end, and whether it was made")
  func inventory() async throws {
    try await Given.standIns { given in
      func owned(_ collection: String) async throws -> [Record] {
        try await given.store.records(RecordQuery(collection, labels: ["manifest": "autumn"]))
      }
      let options = EnqueueOptions(labels: ["manifest": "autumn", "stream": "cam-01"])
      let queue = JobQueue(store: given.store, clock: given.clock)
      let job = try await given.run(try await queue.enqueue(MapEntryTests.single, options).id)
      let record = try #require(try await owned(InventoryItem.collection).first)
      let item = try JSONText.decode(InventoryItem.self, from: record.value)
      #expect(item.resource == MapEntryTests.single.uniqueKey && item.stream == "cam-01" && item.state == .present)
      #expect(item.desired == InventoryItem.digest(ofPayload: job.payload) && record.job == job.id)
      // Enough to write the stream down again, and to say where it is played.
      #expect(item.parameters == (try JSONText.decode(JSONValue.self, from: job.payload)))
      #expect(item.playback?.hasSuffix("/playlist.m3u8") == true)
      #expect(try await owned(InventoryItem.madeCollection).map(\.key) == [record.key])
      // Found again it is still what we made.
      try await given.run(try await queue.enqueue(MapEntryTests.single, options).id)
      #expect(try await owned(InventoryItem.madeCollection).map(\.job) == [job.id])
      // Without a manifest nothing is anybody's.
      _ = try await given.outcome(of: MapEntryTests.adaptive)
      #expect(try await given.store.records(RecordQuery(InventoryItem.collection)).count == 1)
      // What was there is found, not made.
      try await given.run(try await queue.enqueue(MapEntryTests.adaptive, options).id)
      #expect(try await owned(InventoryItem.collection).count == 2)
      #expect(try await owned(InventoryItem.madeCollection).count == 1)
    }
  }

  @Test("a job that dies leaves nothing in the inventory")
  func dead() async throws {
    try await Given.standIns { given in
      try await given.putEntry("cam-01-s3", #"{"sourceStreamName":"cam-99","profile":"cupertino-cloudstorage"}"#)
      let queue = JobQueue(store: given.store, clock: given.clock)
      let options = EnqueueOptions(labels: ["manifest": "autumn"])
      let job = try await queue.enqueue(MapEntryTests.single, options).id
      #expect(try await given.run(job).state == .dead)
      #expect(try await given.store.records(RecordQuery(InventoryItem.collection)).isEmpty)
    }
  }
}
