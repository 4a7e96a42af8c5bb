import FoundationEssentials

/// One asset; its state is computed from the clock, so no timer runs.
struct Asset: Sendable {
  enum State: String, Codable, Sendable {
    case uploading, processing, completed, failed
  }

  let id: String
  let name: String
  let createdAt: Date
  let initial: State
  /// The next automatic state, and its time.
  let next: (state: State, at: Date)?

  func state(at now: Date) -> State {
    if let next, now >= next.at { next.state } else { initial }
  }

  /// The whole record, as GET shows it.
  func record(at now: Date) -> [String: JSONValue] {
    let state = state(at: now)
    var record: [String: JSONValue] = [
      "id": .string(id), "name": .string(name), "description": nil, "state": .string(state.rawValue),
      "processing_percentage": state == .completed ? 100.0 : 0.0, "file_name": .string(name + ".mp4"),
      "file_size": 1_048_576, "playback_enabled": false, "playback_url": nil, "tags": [],
      "duration": state == .completed ? 60 : nil, "created_at": .string(StandInTime.text(createdAt)),
      "updated_at": .string(StandInTime.text(state == initial ? createdAt : next?.at ?? createdAt)),
    ]
    if state == .uploading { record["upload_url"] = .string("https://upload.example.com/\(id)") }
    return record
  }
}
