import FoundationEssentials
import TestServers

/// The control API of one process of stand-ins: faults, assets, and what the providers counted.
struct ControlAPI: Sendable {
  let port: UInt16

  /// What was done to the providers since the last reset.
  struct Counts: Decodable, Sendable {
    /// Something that was made, and how often.
    struct Made: Decodable, Sendable {
      var name: String?
      var key: String?
      var times: Int
    }

    struct Engine: Decodable, Sendable {
      var requests: Int
      var conflicts: Int
      var duplicates: Int
      var creations: [Made]
    }

    struct Video: Decodable, Sendable {
      var requests: Int
      var duplicates: Int
      var targets: [Made]
      var liveStreamsByAsset: [String: Int]
    }

    struct S3: Decodable, Sendable {
      var requests: Int
      var duplicates: Int
      var objects: [Made]
    }

    var engines: [String: Engine]
    var video: Video
    var s3: S3?

    var requests: Int { engines.values.reduce(video.requests + (s3?.requests ?? 0)) { $0 + $1.requests } }
    var duplicates: Int { engines.values.reduce(video.duplicates + (s3?.duplicates ?? 0)) { $0 + $1.duplicates } }
    var conflicts: Int { engines.values.reduce(0) { $0 + $1.conflicts } }

    /// The names of what was made more than once.
    var madeAgain: [String] {
      let made = engines.values.flatMap(\.creations) + video.targets + (s3?.objects ?? [])
      let twice = made.filter { $0.times > 1 }.compactMap { $0.name ?? $0.key }
      return (twice + video.liveStreamsByAsset.filter { $0.value > 1 }.keys).sorted()
    }
  }

  /// What is there now.
  struct State: Decodable, Sendable {
    struct Entry: Decodable, Sendable {
      var entryName: String
      var sourceStreamName: String?
    }

    struct Target: Decodable, Sendable {
      var name: String
      var origin: String?

      enum CodingKeys: String, CodingKey {
        case name
        case origin = "custom_origin_url"
      }
    }

    struct LiveStream: Decodable, Sendable {
      var asset: String
      var state: String

      enum CodingKeys: String, CodingKey {
        case state
        case asset = "asset_id"
      }
    }

    var engines: [String: [String: [Entry]]]
    var targets: [Target]
    var liveStreams: [LiveStream]
  }

  /// What one account and the providers beside it did and hold.
  struct Sight: Sendable {
    var counts: Counts
    var state: State
  }

  /// A fault as it is posted.
  struct Fault: Encodable, Sendable {
    var listener: String
    var kind: String
    var probability: Double?
    var durationSeconds: Double?
    var delayMilliseconds: Int?
    var status: Int?
    var retryAfterSeconds: Int?
  }

  private struct Asset: Encodable {
    var id: String
  }

  func counts() throws -> Counts { try read("/counts") }

  func sight() throws -> Sight { Sight(counts: try counts(), state: try read("/state")) }

  func post(_ fault: Fault) throws { try send("POST", "/faults", fault) }

  /// Takes all faults back; a listener that is down opens.
  func clearSky() throws { _ = try answer("DELETE", "/faults") }

  /// As just started.
  func reset() throws { _ = try answer("POST", "/reset") }

  func makeAsset(_ id: String) throws { try send("POST", "/assets", Asset(id: id)) }

  private func read<Value: Decodable>(_ path: String) throws -> Value {
    try JSONDecoder().decode(Value.self, from: Data(try answer("GET", path).utf8))
  }

  private func send(_ method: String, _ path: String, _ body: some Encodable) throws {
    _ = try answer(method, path, String(decoding: try JSONEncoder().encode(body), as: UTF8.self))
  }

  private func answer(_ method: String, _ path: String, _ body: String = "") throws -> String {
    // A state of five hundred entries has half a megabyte.
    let answer = LoopbackPort.exchange(port: port, method: method, path: path, body: body, limit: 32 << 20)
    guard let answer, (200..<300).contains(answer.status) else {
      throw StormError("\(method) \(path) at the control API: \(answer?.body ?? "no answer")")
    }
    return answer.body
  }
}
