import Crypto
package import JobQueue
import Wire

/// Which end of a time on air a kind of job is for. Each kind that puts something on air has one that takes it off:
/// code that enqueues both finds the other one with this.
public enum Airtime: Sendable, Hashable {
  /// Puts something on air.
  case start
  /// Takes it off.
  case stop

  /// The flag that makes one command enqueue a start and its stop.
  package static let stopAfter = JobField.optional(
    "stopAfter", "enqueue the stop as well: this much time after the planned start, such as 2h")

  /// A name for one planned time on air of what a job's parameters describe. The same parameters at the same time have
  /// the same name, so that a repeated command enqueues nothing twice.
  package static func occurrence(of values: [String: JSONValue], at moment: Timestamp) throws -> String {
    let start = InternetTime.text(moment.milliseconds / 1000)
    let digest = SHA256.hash(data: Array(try JSONText.encode(JSONValue.object(values)).utf8))
    return "\(start)-\(Hex.text(digest).prefix(12))"
  }

  /// The parameters of the stop of an occurrence.
  package static func stop(of occurrence: String, connection: String) -> JSONValue {
    .object(["connection": .string(connection), "occurrence": .string(occurrence)])
  }
}
