import CSQLite
import JobQueue

extension Job {
  /// The columns that ``read(_:)`` expects, in its order.
  static let columns = """
    id, kind, queue, state, priority, payload, payload_version, unique_key, key_is_permanent, gate, concurrency_key,
    labels, run_at, created_at, updated_at, finished_at, failures, max_attempts, crashes, token, lease_owner,
    lease_expires_at, cancel_requested, wait_reason, failure, output
    """

  /// Reads a row of ``columns``.
  static func read(_ row: inout Row) throws -> Job {
    Job(
      id: try row.next(), kind: try row.next(), queue: try row.next(), state: try row.next(),
      priority: try row.next(), payload: try row.next(), payloadVersion: try row.next(), uniqueKey: try row.next(),
      uniqueness: try row.next(Bool.self) ? .permanent : .whileUnfinished,
      gate: try named(row.next()), concurrencyKey: try named(row.next()),
      labels: try decoded(row.next(String?.self)) ?? [:], runAt: try row.next(), createdAt: try row.next(),
      updatedAt: try row.next(), finishedAt: try row.next(), failures: try row.next(), maxAttempts: try row.next(),
      crashes: try row.next(), token: try row.next(), leaseOwner: try row.next(), leaseExpiresAt: try row.next(),
      cancelRequested: try row.next(), waitReason: try row.next(), lastFailure: try decoded(row.next(String?.self)),
      output: try row.next())
  }
}

/// A name in a column; nil for the empty text, which means none.
func named(_ text: String) -> String? { text.isEmpty ? nil : text }

/// The value of a column of JSON text; nil for NULL.
/// - Throws: ``SQLiteFailure`` "corrupt" for text that our code cannot have written.
func decoded<Value: Decodable>(_ json: String?, as type: Value.Type = Value.self) throws -> Value? {
  do {
    return try json.map { try JSONText.decode(type, from: $0) }
  } catch {
    throw SQLiteFailure(code: SQLITE_CORRUPT)
  }
}
