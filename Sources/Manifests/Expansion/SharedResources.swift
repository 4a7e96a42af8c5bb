import JobQueue
import StreamingJobs

/// Resources that several streams share, such as a bucket: one job each, and an error if two streams set them up
/// differently.
struct SharedResources {
  private struct Wanted: Hashable {
    let role: ResourceRole
    let values: [String: JSONValue]
  }

  private struct Known {
    let parameters: ResourceParameters
    let index: Int
  }

  private var same: [Wanted: Int] = [:]
  private var byKey: [String: Known] = [:]

  /// The index of a resource that was already requested with exactly these parameters.
  func index(ofSame parameters: ResourceParameters) -> Int? {
    same[Wanted(role: parameters.role, values: parameters.values)]
  }

  /// The index of the resource with this key. It was requested with other parameters before, which is an error.
  func index(of parameters: ResourceParameters, key: String?, _ problems: inout ManifestProblems) -> Int? {
    guard let key, let found = byKey[key] else { return nil }
    let (one, other) = (found.parameters.values, parameters.values)
    for name in Set(one.keys).union(other.keys).sorted() where one[name] != other[name] {
      let path = parameters.paths[name] ?? found.parameters.paths[name] ?? name
      let first = found.parameters.stream
      problems.report(
        "RD0413", "two streams share \(key) but set \(path) differently", at: parameters.stream.place(path),
        stream: parameters.stream.stream.name,
        help: "use the same \(path) for both, or give one of them a resource of its own",
        notes: [
          "stream \(first.stream.name) asks for \(Self.words(one[name])) at \(first.place(path)),"
            + " not \(Self.words(other[name]))"
        ])
    }
    return found.index
  }

  /// Adds a new one.
  mutating func add(_ parameters: ResourceParameters, key: String?, _ index: Int) {
    same[Wanted(role: parameters.role, values: parameters.values)] = index
    if let key { byKey[key] = Known(parameters: parameters, index: index) }
  }

  private static func words(_ value: JSONValue?) -> String {
    switch value {
    case .string(let text): "'\(text)'"
    case .some(let value): (try? JSONText.encode(value)) ?? "another"
    case nil: "nothing"
    }
  }
}
