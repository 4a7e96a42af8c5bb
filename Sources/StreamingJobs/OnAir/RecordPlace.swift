import JobQueue

/// Where a record is, and how it is read and written.
struct RecordPlace: Sendable, Hashable {
  let collection: String
  let key: String

  /// The record of the start of an occurrence.
  static func onAir(_ connection: String, occurrence: String) -> RecordPlace {
    RecordPlace(collection: OnAirRecord.collection, key: KeyText.unique("\(connection)/\(occurrence)"))
  }

  /// The record of a restream of an asset without an occurrence.
  static func restream(_ connection: String, asset: String, run: String?) -> RecordPlace {
    RecordPlace(collection: OnAirRecord.runs, key: KeyText.unique("\(connection)/\(asset)/\(run ?? "")"))
  }

  /// The record of the stop of an occurrence.
  static func offAir(_ connection: String, occurrence: String) -> RecordPlace {
    RecordPlace(collection: OffAirRecord.collection, key: KeyText.unique("\(connection)/\(occurrence)"))
  }

  /// The record of the stop of a stream.
  static func offAir(_ connection: String, stream: String) -> RecordPlace {
    RecordPlace(collection: OffAirRecord.streams, key: KeyText.unique("\(connection)/\(stream)"))
  }

  /// The record's value; nil if there is none.
  func value<Value: Decodable>(in queue: any QueryStore, as type: Value.Type) async throws -> Value? {
    let found = try await queue.records(RecordQuery(collection, key: key, limit: 1)).first
    return try found.map { try JSONText.decode(type, from: $0.value) }
  }

  /// A write of a value to this place.
  func write(_ value: some Encodable) throws -> RecordWrite { try RecordWrite(collection, key, value) }
}
