package import JobQueue
package import StreamingJobs

/// Something that a manifest requests or owns, with the parameters of its job: what an export consists of.
package struct ExportedResource: Sendable {
  /// What it is.
  package var role: ResourceRole
  /// The manifest.
  package var manifest: String
  /// Its natural key.
  package var key: String
  /// The stream, for a resource that is not shared.
  package var stream: String?
  /// Labels for finding it.
  package var labels: [String: String]
  /// The parameters of the job.
  package var parameters: [String: JSONValue]
  /// When the job runs; nil for at once.
  package var runAt: Timestamp?
  /// What the inventory knows about it; nil if it is not there.
  package var standing: Standing?

  /// What the inventory knows about a resource.
  package struct Standing: Sendable {
    /// Its state.
    package var state: String
    /// When that was verified.
    package var verifiedAt: Timestamp
    /// Its playback URL.
    package var playback: String?

    /// What an item says.
    package init(_ item: InventoryItem) {
      state = item.state.rawValue
      verifiedAt = item.verifiedAt
      playback = item.playback
    }
  }

  /// The content of an inventory record; nil if it belongs to something else, or does not include the parameters.
  package init?(_ record: Record, kinds: JobKinds = .streaming) {
    guard let item = try? JSONText.decode(InventoryItem.self, from: record.value),
      let role = kinds.named(item.kind)?.role, case .object(let parameters)? = item.parameters
    else { return nil }
    self.role = role
    manifest = item.manifest
    key = item.resource
    stream = item.stream
    labels = record.labels
    self.parameters = parameters
    standing = Standing(item)
  }

  /// The resource of a job; nil if no manifest requested it.
  package init?(_ job: Job, kinds: JobKinds = .streaming) {
    guard let manifest = job.labels[ManifestLabel.manifest] else { return nil }
    self.init(
      kind: job.kind, payload: job.payload, key: job.uniqueKey, manifest: manifest, labels: job.labels,
      runAt: job.runAt,
      kinds)
  }

  /// A resource that a manifest requests.
  /// - Parameter item: its entry in the inventory.
  package init?(_ resource: Expansion.Resource, of manifest: String, item: InventoryItem?, kinds: JobKinds = .streaming)
  {
    let job = resource.job
    self.init(
      kind: job.kind, payload: job.payload, key: job.uniqueKey, manifest: manifest, labels: job.labels,
      runAt: job.runAt,
      kinds)
    standing = item.map { Standing($0) }
  }

  private init?(
    kind: String, payload: String, key: String?, manifest: String, labels: [String: String], runAt: Timestamp?,
    _ kinds: JobKinds
  ) {
    guard let role = kinds.named(kind)?.role, let key,
      case .object(let parameters)? = try? JSONText.decode(JSONValue.self, from: payload)
    else { return nil }
    self.role = role
    self.manifest = manifest
    self.key = key
    stream = labels["stream"]
    self.labels = labels
    self.parameters = parameters
    self.runAt = runAt
  }

  /// The text of a parameter.
  func text(_ name: String) -> String? { if case .string(let text)? = parameters[name] { text } else { nil } }
}
