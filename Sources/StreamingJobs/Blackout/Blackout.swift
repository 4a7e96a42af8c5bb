public import JobQueue
import Wire

/// A time range during which a job does not start, such as a match day. A job's ranges are stored in a label, so that
/// they are shown wherever labels are.
public struct Blackout: Sendable, Hashable {
  /// The label.
  public static let label = "not-during"
  /// The maximum number of ranges that fit into a label.
  public static let most = 10

  /// When it starts.
  public var from: Timestamp
  /// When it is over.
  public var to: Timestamp

  /// Creates a time range.
  public init(from: Timestamp, to: Timestamp) {
    self.from = from
    self.to = to
  }

  /// The label's text: `2026-11-21T12:00:00Z/2026-11-21T22:00:00Z`, several separated by commas.
  public static func text(of blackouts: [Blackout]) -> String {
    func words(_ moment: Timestamp) -> String { InternetTime.text(moment.milliseconds / 1000) }
    return blackouts.map { "\(words($0.from))/\(words($0.to))" }.joined(separator: ",")
  }

  /// The ranges in a label's text. Anything else is ignored, because a user's own label may have the same name.
  public static func spans(in text: String) -> [Blackout] {
    text.split(separator: ",").compactMap { span in
      let ends = span.split(separator: "/").map { InternetTime.milliseconds(String($0)) }
      guard ends.count == 2, let from = ends[0], let to = ends[1] else { return nil }
      return Blackout(from: Timestamp(milliseconds: from), to: Timestamp(milliseconds: to))
    }
  }

  /// When a job with these labels may start; nil if it may start now.
  static func end(for labels: [String: String], at now: Timestamp) -> Timestamp? {
    guard let text = labels[label] else { return nil }
    var end = now
    // One range may start where another one ends.
    for span in spans(in: text).sorted(by: { $0.from < $1.from }) where span.from <= end && end < span.to {
      end = span.to
    }
    return end > now ? end : nil
  }
}
