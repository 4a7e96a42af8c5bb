public import JobQueue

/// What a manifest owns at a provider: a record that is committed together with the end of the job that made or found it, so
/// that it is known when the job itself is long pruned.
public struct InventoryItem: Codable, Sendable, Hashable {
  /// The records' collection.
  public static let collection = "inventory"
  /// The collection that tells what was made rather than found, by the same keys: written by the job that made it and by no
  /// later one, so that what is changed or found again stays ours.
  public static let madeCollection = "inventory-made"

  /// The manifest.
  public var manifest: String
  /// The stream that asked for it; nil for what several share.
  public var stream: String?
  /// The kind of job that sees to it.
  public var kind: String
  /// Its natural key: the unique key of that job.
  public var resource: String
  /// A digest of what was asked for.
  public var desired: String
  /// What was asked for, field by field, so that a manifest can be written again when its file is gone; nil in records of
  /// earlier versions.
  public var parameters: JSONValue?
  /// Where it is played: of a bucket or a CDN target the root, of a map entry the path of its playlist below that.
  public var playback: String?
  /// Its number at the provider, where it has one.
  public var remoteID: String?
  /// What is known of it.
  public var state: State
  /// When it was last read back and was as asked.
  public var verifiedAt: Timestamp

  /// What is known of a resource.
  public enum State: String, Codable, Sendable {
    /// It is there as asked.
    case present
  }

  /// The key of a resource's record.
  public static func key(manifest: String, resource: String) -> String { KeyText.name("\(manifest)/\(resource)") }

  /// The digest of what a job asks for.
  public static func digest(ofPayload payload: String) -> String {
    ContentDigest.of(payload.utf8)
  }
}

extension InventoryItem {
  /// What a completed job leaves in the inventory; nil when no manifest asked for it.
  /// - Parameter result: what the job says of its end.
  init?(_ job: Job, result: [String: JSONValue], at now: Timestamp) {
    guard let manifest = job.labels[ManifestLabel.manifest], let resource = job.uniqueKey else { return nil }
    self.manifest = manifest
    stream = job.labels[ManifestLabel.stream]
    kind = job.kind
    self.resource = resource
    desired = Self.digest(ofPayload: job.payload)
    parameters = try? JSONText.decode(JSONValue.self, from: job.payload)
    func text(_ name: String) -> String? { if case .string(let text)? = result[name] { text } else { nil } }
    playback = text("playlistPath") ?? text("playbackRoot") ?? text("url")
    remoteID = text("id")
    state = .present
    verifiedAt = now
  }

  /// What is written when a job is completed.
  static func writes(_ job: Job, output: some Encodable, at now: Timestamp) throws -> [RecordWrite] {
    let output = try JSONText.decode(JSONValue.self, from: try JSONText.encode(output))
    guard case .object(let result) = output, let item = InventoryItem(job, result: result, at: now) else { return [] }
    let key = key(manifest: item.manifest, resource: item.resource)
    var writes = [try RecordWrite(collection, key, labels: job.labels, item)]
    if result["created"] == .bool(true) {
      writes.append(try RecordWrite(madeCollection, key, labels: job.labels, MadeAt(job: job.id, at: now)))
    }
    return writes
  }

  private struct MadeAt: Codable {
    var job: JobID
    var at: Timestamp
  }
}

extension QueryStore {
  /// What a manifest owns, by the resource's natural key. What an unknown version wrote down is left out.
  package func inventory(of manifest: String) async throws -> [String: InventoryItem] {
    let query = RecordQuery(InventoryItem.collection, labels: [ManifestLabel.manifest: manifest])
    let items = try await allRecords(query).compactMap { try? JSONText.decode(InventoryItem.self, from: $0.value) }
    return Dictionary(items.map { ($0.resource, $0) }, uniquingKeysWith: { _, last in last })
  }
}
