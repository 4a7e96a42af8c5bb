import JobQueue
import JobQueueTestKit
import StreamingJobs
import TestServers
import Testing
import WowzaEngineClient

@Suite("create-map-entry")
struct MapEntryTests {
  static let single = CreateMapEntry(
    engine: "fra1", application: "live", entryName: "cam-01-s3", sourceStream: "cam-01", bucket: "example-live",
    region: "eu-central-1", credential: "push")
  static let adaptive = CreateMapEntry(
    engine: "fra1", application: "live", entryName: "cam-01-abr-s3", sourceStream: "cam-01", bucket: "example-live",
    region: "eu-central-1", credential: "push", groupName: "cam-01_ABR")

  @Test("makes a single entry with the fields that the manual asks for, and tells where its playlist is")
  func single() async throws {
    try await Given.standIns { given in
      let result = try await given.outcome(of: Self.single).output(MapEntryResult.self)
      #expect(result.created && !result.unchanged && result.changed == [])
      #expect(result.playlistPath == "live/cam-01/playlist.m3u8")
      let entry = try #require(try await given.mapEntries().first)
      let asked: StandInValue = [
        "entryName": "cam-01-s3", "sourceStreamName": "cam-01", "streamName": "cam-01",
        "profile": "cupertino-cloudstorage", "debugLog": false,
        "extraOptions": [
          "cloudstorage.provider": "S3", "cloudstorage.bucketName": "example-live",
          "cloudstorage.region": "eu-central-1", "cloudstorage.accessID": "AKIDEXAMPLE",
          "cloudstorage.secretAccessKey": "***", "cloudstorage.transportDebug": false, "http.relativePlaylists": true,
        ],
      ]
      for (key, value) in try #require(asked.object) { #expect(entry[key] == value, "\(key)") }
      #expect(entry["childProfile"] == nil && entry["group.name"] == nil && entry["group.streamMatcher"] == nil)
      #expect(try await given.engineCount("created") == 1)
    }
  }

  @Test("makes an adaptive entry led by the group manager, without a stream name of its own")
  func adaptive() async throws {
    try await Given.standIns { given in
      let result = try await given.outcome(of: Self.adaptive).output(MapEntryResult.self)
      #expect(result.playlistPath == "live/cam-01_ABR/playlist.m3u8")
      let entry = try #require(try await given.mapEntries().first)
      let asked: [String: StandInValue] = [
        "profile": "group-manager", "childProfile": "cupertino-cloudstorage", "sourceStreamName": "cam-01",
        "group.streamMatcher": "namePrefix", "group.name": "cam-01_ABR", "debugLog": false,
      ]
      for (key, value) in asked { #expect(entry[key] == value, "\(key)") }
      #expect(entry["streamName"] == nil)
      #expect(entry["extraOptions"]?["http.relativePlaylists"] == true)
    }
  }

  @Test(
    "tells the address of the playlist as it goes over the wire",
    arguments: [
      ("h#1", "live/h%231/playlist.m3u8"), ("cam 1", "live/cam%201/playlist.m3u8"),
      ("100%25", "live/100%2525/playlist.m3u8"), ("a+b", "live/a%2Bb/playlist.m3u8"),
    ])
  func playlistAddress(stream: String, path: String) async throws {
    try await Given.standIns { given in
      var parameters = Self.single
      parameters.sourceStream = stream
      let result = try await given.outcome(of: parameters).output(MapEntryResult.self)
      #expect(result.playlistPath == path)
    }
  }

  @Test("an entry that is there as asked is left alone by another job")
  func unchanged() async throws {
    try await Given.standIns { given in
      _ = try await given.outcome(of: Self.single)
      let result = try await given.outcome(of: Self.single).output(MapEntryResult.self)
      #expect(result.unchanged && !result.created && result.changed == [])
      #expect(try await given.engineCount("created") == 1)
      #expect(try await given.engineCount("updated") == 0)
      #expect(try await given.engineCount("conflicts") == 0)
    }
  }

  @Test("an entry that differs is refused by naming the fields, and no secret is told")
  func differs() async throws {
    try await Given.standIns { given in
      try await given.putEntry("cam-01-s3", Self.foreign)
      let job = try await given.outcome(of: Self.single)
      let failure = try #require(job.lastFailure)
      #expect(job.state == .dead && failure.code == "differs")
      for field in ["sourceStreamName", "cloudstorage.bucketName", "cloudstorage.secretAccessKey"] {
        #expect(failure.message.contains(field), "\(field)")
      }
      #expect(!failure.message.contains("streamName is 'cam-01'"), "what is as asked is not named")
      #expect(!"\(failure)".contains("canary"))
      #expect(try await given.engineCount("updated") == 0)
    }
  }

  @Test(
    "with onExisting: replace what differs is updated and every other key is kept", arguments: ["replace", "merge"])
  func replace(semantics: String) async throws {
    try await Given.standIns { given in
      try await given.control("PATCH", "/settings/engine/fra1", #"{"putSemantics":"\#(semantics)"}"#)
      try await given.putEntry("cam-01-s3", Self.foreign)
      var parameters = Self.single
      parameters.onExisting = .replace
      let result = try await given.outcome(of: parameters).output(MapEntryResult.self)
      #expect(!result.created && !result.unchanged)
      #expect(
        Set(result.changed) == ["sourceStreamName", "cloudstorage.bucketName", "cloudstorage.secretAccessKey"])
      let entry = try #require(try await given.mapEntries().first)
      #expect(entry["sourceStreamName"] == "cam-01")
      #expect(entry["extraOptions"]?["cloudstorage.bucketName"] == "example-live")
      #expect(entry["cupertino.renditions"] == "audioonly")
      #expect(entry["extraOptions"]?["http.headers"] == "kept")
      let key = try await given.clients.engine("fra1").mapEntry("cam-01-s3", application: "live")?.extraOptions
      #expect(key?.secretAccessKey == Given.pushKey.secretAccessKey)
      #expect(try await given.engineCount("updated") == 1)
      parameters.onExisting = nil
      #expect(try await given.outcome(of: parameters).output(MapEntryResult.self).unchanged)
    }
  }

  /// As `single`, but for the source, the bucket and the key.
  private static let foreign = """
    {"entryName":"cam-01-s3","sourceStreamName":"cam-99","streamName":"cam-01","profile":"cupertino-cloudstorage",
     "cupertino.renditions":"audioonly","extraOptions":{"cloudstorage.provider":"S3",
     "cloudstorage.bucketName":"another","cloudstorage.region":"eu-central-1","cloudstorage.accessID":"AKIDEXAMPLE",
     "cloudstorage.secretAccessKey":"canary-other-secret","http.relativePlaylists":true,"http.headers":"kept"}}
    """
}
