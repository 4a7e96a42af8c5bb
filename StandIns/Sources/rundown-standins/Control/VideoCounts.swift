import FoundationEssentials

/// What was created at Wowza Video since the start or the last reset.
enum VideoCounts {
  static func json(
    targets: StreamTargetStore, streams: LiveStreamStore, realTime: RealTimeStore, requests: Int, at now: Date
  ) -> JSONValue {
    let made = targets.created.sorted { ($0.key.name, $0.key.origin) < ($1.key.name, $1.key.origin) }
    let createdTargets = made.reduce(0) { $0 + $1.value }
    let createdStreams = streams.createdByAsset.values.reduce(0, +)
    let references = realTime.createdByReference.values
    let duplicates =
      createdTargets - made.count + createdStreams - streams.createdByAsset.count
      + references.reduce(0, +) - references.count
    return [
      "requests": .integer(requests),
      "createdTargets": .integer(createdTargets),
      "targets": .array(
        made.map { key, times in
          ["name": .string(key.name), "origin": .string(key.origin), "times": .integer(times)]
        }),
      "createdLiveStreams": .integer(createdStreams),
      "liveStreamsByAsset": .object(streams.createdByAsset.mapValues(JSONValue.integer)),
      "starts": .integer(streams.starts),
      "stops": .integer(streams.stops),
      "runningLiveStreams": .integer(streams.running(at: now)),
      "createdRealTimeStreams": .integer(realTime.created),
      "duplicates": .integer(duplicates),
    ]
  }
}
