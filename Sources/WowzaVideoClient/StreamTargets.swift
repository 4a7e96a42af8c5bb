import HTTPTransport

extension WowzaVideoClient {
  /// All CDN targets, oldest first, with what a list contains: id, name, dates.
  public func streamTargets() async throws -> [StreamTarget] {
    try await list(targetCall(target: "all"), names: wrappers.map { $0.list }, id: \.id) { StreamTarget($0) }
  }

  /// All CDN targets of a name, in full, oldest first: names are not unique, so there may be several.
  public func fastlyTargets(named name: String) async throws -> [StreamTarget] {
    let call = targetCall(target: name)
    // According to the specification, lists contain ids, names and dates only.
    let matches = try await list(
      call, names: wrappers.map { $0.list }, id: \.id, where: { $0.name == nil || $0.name == name }
    ) { StreamTarget($0) }
    guard matches.count <= Self.mostDetails else {
      throw tooLong(call, "more than \(Self.mostDetails) targets may have this name")
    }
    var targets: [StreamTarget] = []
    for match in matches {
      // The record itself is newer than the list; the list's name is used only if the record has none.
      if let target = try await streamTarget(match.id), target.name ?? match.name == name { targets.append(target) }
    }
    return targets
  }

  /// What can be seen of one CDN target that is in a list.
  public func sightOfStreamTarget(_ id: String) async throws -> RecordSight<StreamTarget> {
    try await sight(targetCall(id: id, target: id), target)
  }

  /// One CDN target; nil if it does not exist or was deleted.
  public func streamTarget(_ id: String) async throws -> StreamTarget? {
    try await find(targetCall(id: id, target: id), target)
  }

  /// Creates a CDN target. The server accepts any number of equal ones: look first, and again after an unknown outcome.
  public func createStreamTarget(_ new: NewStreamTarget) async throws -> StreamTarget {
    var call = targetCall("POST", target: new.name)
    if let problem = new.problem(with: version) { throw invalid(call, problem, code: "unsupported-version") }
    call.body = .object([wrappers[0].one: new.wire])
    return try await send(call, target)
  }

  /// The wrappers of bodies, that of our version first; the others are read too, since the names changed over time.
  private var wrappers: [(one: String, list: String)] {
    let words = [version.targetWord] + ["fastly", "wowza_cdn"].filter { $0 != version.targetWord }
    return words.map { ("stream_target_" + $0, "stream_targets_" + $0) } + [("stream_target", "stream_targets")]
  }

  private func target(_ value: VideoValue) -> StreamTarget? {
    wrappers.lazy.compactMap { value[$0.one] }.first.flatMap { StreamTarget($0) }
  }

  private func targetCall(_ method: String = "GET", id: String? = nil, target: String) -> VideoCall {
    let path = ["stream_targets", version.targetWord]
    return VideoCall(
      method: method, path: path + (id.map { [$0] } ?? []), target: target,
      operation: "\(method) \(path.joined(separator: "/"))")
  }
}
