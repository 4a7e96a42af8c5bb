/// How often each object was put through the proxy.
struct S3ObjectStore: Sendable {
  struct Place: Hashable, Sendable {
    let bucket: String
    let key: String
  }

  private(set) var puts: [Place: Int] = [:]

  /// The sub-resources of an object, or of a part of it, that also accept a PUT.
  private static let notTheObject: Set = ["partNumber", "acl", "tagging", "retention", "legal-hold"]

  /// Counts `request` if it put an object: a PutObject, a copy, or the completion of a multipart upload. The first part
  /// of the path is the bucket.
  mutating func note(_ request: Request, _ answer: Reply) {
    guard answer.isSuccess, let place = Self.place(request), Self.puts(request), !Self.isError(answer) else { return }
    puts[place, default: 0] += 1
  }

  private static func place(_ request: Request) -> Place? {
    let parts = request.path.dropFirst().split(separator: "/", maxSplits: 1)
    guard parts.count == 2, !parts[1].isEmpty else { return nil }
    return Place(bucket: PercentText.decode(parts[0]), key: PercentText.decode(parts[1]))
  }

  private static func puts(_ request: Request) -> Bool {
    let names = Set(request.query.map(\.name))
    return switch request.method {
    case "PUT": names.isDisjoint(with: notTheObject)
    case "POST": names.contains("uploadId")
    default: false
    }
  }

  /// S3 may start with status 200 and find out only then that an upload cannot be completed.
  private static func isError(_ answer: Reply) -> Bool {
    guard case .passedOn(_, let body) = answer.body, body.count < 1 << 16 else { return false }
    return String(decoding: body, as: UTF8.self).contains("<Error>")
  }

  /// The counts as the control API shows them.
  func json(requests: Int) -> JSONValue {
    let objects = puts.sorted { ($0.key.bucket, $0.key.key) < ($1.key.bucket, $1.key.key) }
    let put = objects.reduce(0) { $0 + $1.value }
    return [
      "requests": .integer(requests),
      "put": .integer(put),
      "objects": .array(
        objects.map { place, times in
          ["bucket": .string(place.bucket), "key": .string(place.key), "times": .integer(times)]
        }),
      "duplicates": .integer(put - objects.count),
    ]
  }
}
