import AWSClient
import JobQueue

/// One try at a file as it is: everything that is written down about an upload belongs to a round.
///
/// A round ends when the file changed, or when the server forgot the upload; the next one begins with nothing.
struct UploadRound: Codable, Sendable {
  /// 1 for the first.
  var number: Int
  /// The file as it was when the round began.
  var file: FileIdentity
  /// The CRC-32C of the file when it goes in one request, as it was read first.
  var crc32c: UInt32?

  private static let key = "round"
  private static let last = "last-round"

  /// The round that is under way, or a new one.
  static func current(of path: String, in roots: UploadRoots, _ context: JobContext) async throws -> UploadRound {
    if let round = try await context.checkpoint(key, as: UploadRound.self) { return round }
    let number = (try await context.checkpoint(last, as: Int.self) ?? 0) + 1
    var round = UploadRound(number: number, file: try await FileIdentity.of(path, in: roots))
    if round.file.size < PartPlan.smallest {
      // Cheap to read, and written down with the rest.
      round.crc32c = try await FileDigest.crc32c(
        path: path, offset: 0, length: round.file.size, expected: round.file.id
      ).value
    }
    try await context.checkpoint(key, round)
    return round
  }

  /// The round that a journal tells of; nil when none is under way.
  static func recorded(in journal: Journal) -> UploadRound? {
    journal.checkpoints[key].flatMap { try? JSONText.decode(UploadRound.self, from: $0) }
  }

  /// The round with what was found out about the file since, written down.
  func noting(file: FileIdentity? = nil, crc32c: UInt32? = nil, _ context: JobContext) async throws -> UploadRound {
    var noted = self
    noted.file = file ?? self.file
    noted.crc32c = crc32c ?? self.crc32c
    try await context.checkpoint(Self.key, noted)
    return noted
  }

  /// Ends the round; the next attempt begins another one.
  func end(_ context: JobContext) async throws {
    try await context.checkpoint(Self.last, number)
    try await context.removeCheckpoints([Self.key])
  }
}
