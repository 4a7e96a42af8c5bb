import AWSClient
import HTTPTransport
import TestServers
import Testing
import WowzaEngineClient
import WowzaVideoClient

@Suite("Whatever somebody else answers to a read, in a provider's place", .timeLimit(.minutes(20)))
struct ForeignReadTests {
  typealias Provider = FailureCase.Provider

  /// Every read of the three clients.
  private static let reads: [(name: String, ask: @Sendable (CurlTransport, String) async throws -> Void)] =
    [
      ("status", { _ = try await Provider.engine($0, $1).serverStatus() }),
      ("applications", { _ = try await Provider.engine($0, $1).applications() }),
      ("map entries", { _ = try await Provider.engine($0, $1).mapEntries(application: "live") }),
      ("map entry", { _ = try await Provider.engine($0, $1).mapEntry("cam", application: "live") }),
      ("live stream", { _ = try await Provider.video($0, $1, "v2.0").liveStream("s") }),
      ("live stream of a list", { _ = try await Provider.video($0, $1, "v2.0").sightOfLiveStream("s") }),
      ("state", { _ = try await Provider.video($0, $1, "v1.11").liveStreamState("s") }),
      ("live streams", { _ = try await Provider.video($0, $1, "v1.11").liveStreams() }),
      ("asset", { _ = try await Provider.video($0, $1, "v1.11").asset("a") }),
      ("assets", { _ = try await Provider.video($0, $1, "v1.11").assets(named: "a") }),
      ("target", { _ = try await Provider.video($0, $1, "v2.0").streamTarget("t") }),
      ("targets", { _ = try await Provider.video($0, $1, "v1.11").streamTargets() }),
      ("bucket", { _ = try await Provider.s3($0, $1).headBucket("vod") }),
      ("object", { _ = try await Provider.s3($0, $1).headObject("a.mp4", in: "vod") }),
      ("uploads", { _ = try await Provider.s3($0, $1).listMultipartUploads(prefix: "a", in: "vod") }),
      ("parts", { _ = try await Provider.s3($0, $1).listParts(of: "u", key: "a.mp4", in: "vod") }),
      ("ownership", { _ = try await Provider.s3($0, $1).ownershipControls("vod") }),
      ("public access", { _ = try await Provider.s3($0, $1).publicAccessBlock("vod") }),
      ("cors", { _ = try await Provider.s3($0, $1).cors("vod") }),
      ("lifecycle", { _ = try await Provider.s3($0, $1).lifecycle("vod") }),
      ("tagging", { _ = try await Provider.s3($0, $1).tagging("vod") }),
      ("policy", { _ = try await Provider.s3($0, $1).policy("vod") }),
    ]

  @Test("it is neither what was asked for, nor does it say that there is none", arguments: ForeignAnswer.all)
  func never(answer: ForeignAnswer) async throws {
    try await answering(answer.text) { transport, port in
      for read in Self.reads {
        do {
          try await read.ask(transport, "http://127.0.0.1:\(port)")
          Issue.record("\(read.name) believed \(answer.words)")
        } catch let error as ProviderError {
          #expect(!error.isFromProvider && error.delivery == .refused, "\(read.name): \(error)")
        } catch {
          Issue.record("\(read.name) of \(answer.words): \(error)")
        }
      }
    }
  }
}
