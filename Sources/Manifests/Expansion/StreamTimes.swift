import JobQueue
import Wire

/// When the entries of a stream are enabled and disabled.
struct StreamTimes {
  var start: Timestamp?
  var stop: Timestamp?

  /// Reads `start` and `stop` of a stream: times with an offset, or times in the stream's time zone.
  ///
  /// A time that the clocks of the zone skip becomes the next one that exists, and of a time that occurs twice the
  /// first is used; both cause a warning.
  init(
    _ values: StreamValues, _ zones: ZoneDirectory, _ problems: inout ManifestProblems,
    _ warnings: inout ManifestProblems
  ) {
    start = Self.moment("start", values, zones, &problems, &warnings)
    stop = Self.moment("stop", values, zones, &problems, &warnings)
    if let start, let stop, stop <= start {
      problems.report(
        "RD0406", "stop must be later than start", at: values.place("stop"), stream: values.stream.name,
        help: "a stop after midnight needs the next day's date")
    }
  }

  /// Whether the stop time has passed: applying the same file after the show must not put anything on air.
  func isOver(at now: Timestamp) -> Bool { stop.map { $0 <= now } ?? false }

  private static func moment(
    _ path: String, _ values: StreamValues, _ zones: ZoneDirectory, _ problems: inout ManifestProblems,
    _ warnings: inout ManifestProblems
  ) -> Timestamp? {
    guard let text = values.given.text(path) else { return nil }
    if let moment = InternetTime.milliseconds(text) { return Timestamp(milliseconds: moment) }
    guard let wall = WallTime(text) else { return nil }
    guard values.given.fields["timezone"] != nil else {
      problems.report(
        "RD0406", "\(path) has no time zone", at: values.place(path), stream: values.stream.name,
        help: "set timezone, such as Europe/Berlin")
      return nil
    }
    guard let zone = values.text("timezone", &problems) else { return nil }
    do throws(FieldProblem) {
      let reading = try zones.rules(of: zone).reading(of: wall)
      switch reading {
      case .once: break
      case .skipped:
        warnings.report(
          "RD0417", "\(path): \(text) does not exist in \(zone): clocks go forward past it", at: values.place(path),
          stream: values.stream.name,
          help: "the moment the clocks go forward is used")
      case .twice:
        warnings.report(
          "RD0417", "\(path): \(text) occurs twice in \(zone): clocks go back over it", at: values.place(path),
          stream: values.stream.name, help: "the first one is used; for the second, write the offset from UTC")
      }
      return reading.timestamp
    } catch {
      problems.report(
        "RD0406", "timezone: \(error.message)", at: values.place("timezone"), stream: values.stream.name,
        help: error.help, width: zone.count)
      return nil
    }
  }
}
