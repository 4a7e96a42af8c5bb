import Secrets
import Testing
import WowzaEngineClient

@testable import StreamingJobs

@Suite("A map entry is compared field by field with what was asked")
struct MapEntryDifferenceTests {
  private static let parameters = CreateMapEntry(
    engine: "fra1", application: "live", entryName: "cam-01-s3", sourceStream: "cam-01", bucket: "example-live",
    region: "eu-central-1", credential: "push")

  private static let wanted = parameters.wanted(
    PushKey(accessKeyID: "AKIDEXAMPLE", secretAccessKey: Secret("not-a-real-secret")))

  private func compared(_ change: (inout MapEntry) -> Void) -> MapEntryComparison {
    var found = Self.wanted
    change(&found)
    return MapEntryComparison(Self.wanted, found)
  }

  private func fields(_ change: (inout MapEntry) -> Void) -> [String] {
    compared(change).differences.map(\.field)
  }

  @Test("an entry is equal to itself, and to one with keys that nobody asked for")
  func equal() {
    #expect(fields { _ in } == [])
    #expect(
      fields {
        $0.enabled = true
        $0.sessionStatus = "NotFound"
        $0.streamMatcher = "namePrefix"
        $0.additional["http.playlistCount"] = .integer(0)
      } == [])
  }

  @Test("an engine that keeps the secret to itself, by leaving it out or by masking it, is believed")
  func untoldSecret() {
    #expect(fields { $0.extraOptions?.secretAccessKey = nil } == [])
    for mask in ["", "********", "••••••••", "...", "xxxxxxxx", "no******et", "not-…", "####"] {
      let found = compared { $0.extraOptions?.secretAccessKey = Secret(mask) }
      #expect(found == compared { $0.extraOptions?.secretAccessKey = nil })
      #expect(found.differences == [] && found.unread == ["cloudstorage.secretAccessKey"])
    }
    #expect(fields { $0.extraOptions?.secretAccessKey = Secret("another") } == ["cloudstorage.secretAccessKey"])
  }

  @Test(
    "a masked access id is believed as a masked secret is",
    arguments: ["****************MPLE", "AKID…", "XXXXXXXX", "XXXXXXXXXXXX1234", "AKIAxxxxxxxx", "####MPLE", ""])
  func maskedID(mask: String) {
    let found = compared { $0.extraOptions?.accessID = mask }
    #expect(found.differences == [] && found.unread == ["cloudstorage.accessID"])
  }

  @Test("options that are not told at all differ in nothing; each is named as unread")
  func untoldOptions() {
    let found = compared { $0.extraOptions = nil }
    #expect(found.differences == [] && found.unread.count == 7)
    #expect(compared { $0.extraOptions?.region = nil }.unread == ["cloudstorage.region"])
  }

  @Test("a switch that the engine does not tell is off")
  func untoldSwitch() {
    #expect(fields { $0.extraOptions?.transportDebug = nil } == [])
    #expect(fields { $0.extraOptions?.relativePlaylists = nil } == ["http.relativePlaylists"])
    #expect(fields { $0.extraOptions?.transportDebug = true } == ["cloudstorage.transportDebug"])
  }

  @Test("each field that a job sets is named when it differs")
  func each() {
    #expect(fields { $0.sourceStreamName = nil } == ["sourceStreamName"])
    #expect(fields { $0.streamName = "x" } == ["streamName"])
    #expect(fields { $0.profile = "rtmp" } == ["profile"])
    #expect(fields { $0.extraOptions?.provider = "Oracle" } == ["cloudstorage.provider"])
    #expect(fields { $0.extraOptions?.bucketName = "x" } == ["cloudstorage.bucketName"])
    #expect(fields { $0.extraOptions?.region = "us-west-2" } == ["cloudstorage.region"])
    #expect(fields { $0.extraOptions?.accessID = "x" } == ["cloudstorage.accessID"])
  }

  @Test("the fields of a group are compared when a group was asked for")
  func group() {
    var parameters = Self.parameters
    parameters.groupName = "cam-01_ABR"
    let wanted = parameters.wanted(PushKey(accessKeyID: "AKIDEXAMPLE", secretAccessKey: Secret("not-a-real-secret")))
    #expect(
      MapEntryComparison(wanted, Self.wanted).differences.map(\.field) == [
        "profile", "childProfile", "group.name", "group.streamMatcher",
      ])
  }
}
