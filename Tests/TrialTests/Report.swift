import FoundationEssentials

/// What a trial's worker tells at its end.
struct Report: Decodable {
  var recorded: Int
  var refused: Int
  var relayed: Int
  var reaped: Int
  var writes: Int
  var longestWriteMicroseconds: Int
  var errors: [String: Int]
}

extension Child.Ended {
  /// The report on standard output.
  func report() throws -> Report { try JSONDecoder().decode(Report.self, from: Data(output.utf8)) }
}
