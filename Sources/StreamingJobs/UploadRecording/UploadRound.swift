import JobQueue

/// One try at a file as it is: everything that is written down about an upload belongs to a round.
///
/// A round ends when the file changed, or when the server forgot the upload; the next one begins with nothing.
struct UploadRound: Codable, Sendable {
  /// 1 for the first.
  var number: Int
  /// The file as it was when the round began.
  var file: FileIdentity

  private static let key = "round"
  private static let last = "last-round"

  /// The round that is under way, or a new one.
  static func current(of path: String, in roots: UploadRoots, _ context: JobContext) async throws -> UploadRound {
    if let round = try await context.checkpoint(key, as: UploadRound.self) { return round }
    let number = (try await context.checkpoint(last, as: Int.self) ?? 0) + 1
    let round = UploadRound(number: number, file: try await FileIdentity.of(path, in: roots))
    try await context.checkpoint(key, round)
    return round
  }

  /// Ends the round; the next attempt begins another one.
  func end(_ context: JobContext) async throws {
    try await context.checkpoint(Self.last, number)
    try await context.removeCheckpoints([Self.key])
  }
}
