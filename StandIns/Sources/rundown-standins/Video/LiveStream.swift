import FoundationEssentials

/// One restreamed live stream and its state machine; states that change with time are computed from the clock.
struct LiveStream: Sendable {
  enum State: String, Sendable {
    case stopped, starting, started, stopping
  }

  /// The last request to it.
  private enum Order: Sendable {
    case none
    case start(at: Date, delay: Double, outcome: VideoSettings.StartOutcome)
    case stop(at: Date, delay: Double)
  }

  let id: String
  let name: String
  let assetID: String
  let createdAt: Date
  /// How often it was started and stopped; a request that was refused, or changed nothing, does not count.
  private(set) var starts = 0
  private(set) var stops = 0
  private var order = Order.none
  private var changedAt: Date

  init(id: String, name: String, assetID: String, createdAt: Date) {
    self.id = id
    self.name = name
    self.assetID = assetID
    self.createdAt = createdAt
    changedAt = createdAt
  }

  func state(at now: Date) -> State {
    switch order {
    case .none:
      return .stopped
    case .start(let at, let delay, let outcome):
      // Before the request, for readers who get a past state.
      if now < at { return .stopped }
      if outcome == .stuck || now < at.addingTimeInterval(delay) { return .starting }
      return outcome == .started ? .started : .stopped
    case .stop(let at, let delay):
      if now < at { return .started }
      return now < at.addingTimeInterval(delay) ? .stopping : .stopped
    }
  }

  mutating func start(_ settings: VideoSettings, now: Date) throws(VideoError) {
    let state = state(at: now)
    if state == .starting || state == .started, settings.repeatedStart == .accepted { return }
    guard state == .stopped else { throw .invalidStateChange("Starting", in: state.rawValue) }
    order = .start(at: now, delay: settings.startDelay, outcome: settings.startOutcome)
    starts += 1
    changedAt = now
  }

  mutating func stop(_ settings: VideoSettings, now: Date) throws(VideoError) {
    let state = state(at: now)
    let isStoppable = state == .started || state == .starting && settings.earlyStop == .accepted
    guard isStoppable else { throw .invalidStateChange("Stopping", in: state.rawValue) }
    order = .stop(at: now, delay: settings.stopDelay)
    stops += 1
    changedAt = now
  }

  /// The whole record, as GET shows it.
  func record(
    at now: Date, version: VideoVersion, _ settings: VideoSettings = VideoSettings()
  ) -> [String: JSONValue] {
    var record: [String: JSONValue] = [
      "id": .string(id), "name": .string(name), "asset_id": .string(assetID), "transcoder_type": "transcoded",
      "billing_mode": "pay_as_you_go", "broadcast_location": "eu_germany", "encoder": "file",
      "player_hls_playback_url": .string("https://cdn.example.com/1/\(id)/hls/live/playlist.m3u8"),
      "created_at": .string(StandInTime.text(createdAt.addingTimeInterval(settings.creationShift))),
      "updated_at": .string(StandInTime.text(changedAt)),
    ]
    switch settings.liveStreamAsset {
    case .told: break
    case .missing: record["asset_id"] = nil
    case .null: record["asset_id"] = .null
    }
    if settings.liveStreamCreation == .nowhere { record["created_at"] = nil }
    if version.showsStateInStream { record["state"] = .string(shownState(at: now, settings).rawValue) }
    return record
  }

  /// The state as it is reported.
  func shownState(at now: Date, _ settings: VideoSettings) -> State {
    state(at: now.addingTimeInterval(-settings.stateLag))
  }

  /// The short form in lists.
  func listItem(at now: Date, version: VideoVersion, _ settings: VideoSettings) -> JSONValue {
    var record = record(at: now, version: version, settings)
    if settings.liveStreamCreation == .record { record["created_at"] = nil }
    return VideoRecord.listItem(record)
  }
}
