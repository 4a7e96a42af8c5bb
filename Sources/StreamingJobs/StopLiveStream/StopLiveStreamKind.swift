import JobQueue

/// `stop-live-stream`.
enum StopLiveStreamKind: JobKind {
  static let summary = "Stops a live stream of Wowza Video: the one of an occurrence, or one named by its id."
  static let example = "rundown enqueue stop-live-stream --connection main --live-stream-id ab12cd34"
  static let fields: [JobField] = [
    .required("connection", .connection(.wowzaVideo), "the Wowza Video account"),
    .optional("liveStreamID", "the live stream's id; either this or the occurrence"),
    .optional("occurrence", "the occurrence of the restream whose live stream is stopped"),
  ]

  static let resultFields = [
    "state", "liveStreamID", "occurrence", "connection", "unchanged", "reason", "startJob",
  ]

  static let airtime: Airtime? = .stop

  static func handler(_ resources: JobResources) -> StopLiveStreamHandler {
    StopLiveStreamHandler(clients: resources.clients, queue: resources.queue)
  }
}
