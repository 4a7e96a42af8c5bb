/// What the storm came to.
struct StormReport: Sendable {
  let reckoning: Reckoning
  let burnt: BurntAttempts
  let leastRequests: Int
  /// How often a job lost its worker.
  let crashes: Int
  let kills: Int
  let workerTroubles: [String]
  let seconds: Double

  /// Requests that the providers got, beside the least possible.
  static let mostRequests = 1.5

  var requestRatio: Double { Double(reckoning.requests) / Double(max(1, leastRequests)) }

  /// Whether everything that was promised was kept.
  var isGood: Bool {
    reckoning.duplicates == 0 && reckoning.lost.isEmpty && burnt.burnt == 0 && requestRatio <= Self.mostRequests
      && workerTroubles.isEmpty
  }

  /// The last line, for programs.
  var json: String {
    "{\"wanted\":\(Self.json(reckoning.wanted)),\"created\":\(Self.json(reckoning.created)),"
      + "\"duplicates\":\(reckoning.duplicates),\"lost\":\(reckoning.lost.count),\"attempts_burnt\":\(burnt.burnt),"
      + "\"request_ratio\":\(Self.hundredths(requestRatio)),\"kills\":\(kills),\"seconds\":\(Self.hundredths(seconds))}"
  }

  /// What a person wants to know beside it.
  var lines: [String] {
    var lines = ["requests: \(reckoning.requests), the least possible \(leastRequests)"]
    lines.append("jobs lost their worker \(crashes) times; engines refused \(reckoning.conflicts) second creations")
    let codes = burnt.codes.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
    lines.append("failures counted, by code: \(codes.isEmpty ? "none" : codes)")
    return lines + workerTroubles + reckoning.troubles + burnt.lines
  }

  private static func json(_ things: Set<Thing>) -> String {
    let counts = Thing.counts(things)
    let members = [("map_entries", Thing.Kind.mapEntry), ("targets", .target), ("live_streams", .liveStream)]
    let all = members + [("uploads", .upload)]
    return "{\(all.map { "\"\($0.0)\":\(counts[$0.1] ?? 0)" }.joined(separator: ","))}"
  }

  private static func hundredths(_ number: Double) -> Double { (number * 100).rounded() / 100 }
}
