import FoundationEssentials

/// The time of a clock, as the control API accepts it.
struct ClockReading: Decodable, Sendable {
  /// Milliseconds since 1970.
  let milliseconds: Int

  var date: Date { Date(timeIntervalSince1970: Double(milliseconds) / 1000) }

  static func read(_ request: Request) throws(ControlError) -> ClockReading {
    try ControlBody.decode(try ControlBody.members(request, allowed: ["milliseconds"]))
  }
}
