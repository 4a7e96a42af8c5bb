public import JobQueue

/// Something that a manifest owns at a provider: a record that is committed together with the completion of the job
/// that created or found it, so that it is still known when the job itself has been pruned.
public struct InventoryItem: Codable, Sendable, Hashable {
  /// The records' collection.
  public static let collection = "inventory"
  /// The collection that records, under the same keys, what was created rather than found. It is written by the job
  /// that created it and not by later ones, so that what is changed or found again stays ours.
  public static let madeCollection = "inventory-made"

  /// The manifest.
  public var manifest: String
  /// The stream that needs it; nil if it is shared.
  public var stream: String?
  /// The kind of its job.
  public var kind: String
  /// Its natural key: the unique key of that job.
  public var resource: String
  /// A digest of the parameters.
  public var desired: String
  /// The parameters, field by field, so that a manifest can be written again when its file is gone; nil in records of
  /// earlier versions.
  public var parameters: JSONValue?
  /// Its playback URL: for a bucket or a CDN target the root, for a map entry the path of its playlist below that.
  public var playback: String?
  /// Its id at the provider, if it has one.
  public var remoteID: String?
  /// What is known of it.
  public var state: State
  /// When it was last verified to be as requested.
  public var verifiedAt: Timestamp

  /// What is known about a resource.
  public enum State: String, Codable, Sendable {
    /// It exists as requested.
    case present
  }

  /// The key of a resource's record.
  public static func key(manifest: String, resource: String) -> String { KeyText.name("\(manifest)/\(resource)") }

  /// The digest of a job's parameters.
  public static func digest(ofPayload payload: String) -> String {
    ContentDigest.of(payload.utf8)
  }
}

extension InventoryItem {
  /// What a completed job adds to the inventory; nil if no manifest requested it.
  /// - Parameter result: the job's result.
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

  /// The records to write when a job is completed.
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
  /// What a manifest owns, by the resource's natural key. Records of an unknown version are ignored.
  package func inventory(of manifest: String) async throws -> [String: InventoryItem] {
    let query = RecordQuery(InventoryItem.collection, labels: [ManifestLabel.manifest: manifest])
    let items = try await allRecords(query).compactMap { try? JSONText.decode(InventoryItem.self, from: $0.value) }
    return Dictionary(items.map { ($0.resource, $0) }, uniquingKeysWith: { _, last in last })
  }
}
