import FoundationEssentials
import HTTPTransport

extension WowzaVideoClient {
  private var targetPath: [String] { ["stream_targets", version.targetWord] }
  private var targetWrapper: String { "stream_target_\(version.targetWord)" }
  private var targetsWrapper: String { "stream_targets_\(version.targetWord)" }

  private struct ListedTarget: Decodable, Sendable {
    let id: String?
    let name: String?

    init(from decoder: any Decoder) throws {
      let fields = try LenientFields(decoder)
      id = fields.text("id")
      name = fields.text("name")
    }
  }

  /// The CDN targets of this name, each with its details: the list gives ids and names only.
  public func streamTargets(named name: String) async throws -> [StreamTarget] {
    let listed = try await list(
      ListedTarget.self, targetPath, wrappers: [targetsWrapper, "stream_targets"],
      operation: "GET stream_targets/\(version.targetWord)")
    var targets: [StreamTarget] = []
    for id in listed.filter({ $0.name == name }).compactMap(\.id) {
      if let target = try await streamTarget(id) { targets.append(target) }
    }
    return targets
  }

  /// A CDN target; nil when there is none of this id.
  public func streamTarget(_ id: String) async throws -> StreamTarget? {
    let answer = try await send(
      "GET", targetPath + [id], operation: "GET stream_targets/\(version.targetWord)", target: id)
    if answer.response.status == 404 || answer.response.status == 410 { return nil }
    return try unwrapped(answer, [targetWrapper, "stream_target"])
  }

  /// Makes a CDN target. The provider makes another one each time it is asked.
  public func createStreamTarget(_ target: NewStreamTarget) async throws -> StreamTarget {
    let body = [UInt8](try JSONEncoder().encode([targetWrapper: target]))
    let answer = try await send(
      "POST", targetPath, body: body, operation: "POST stream_targets/\(version.targetWord)", target: target.name)
    return try unwrapped(answer, [targetWrapper, "stream_target"])
  }

  func unwrapped<Record: Decodable>(_ answer: VideoAnswer, _ wrappers: [String]) throws -> Record {
    guard let record = try answer.decoded(Wrapped<Record>.self).record(wrappers) else { throw answer.undecodable }
    return record
  }
}
