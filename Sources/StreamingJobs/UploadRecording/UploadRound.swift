import AWSClient
import JobQueue

/// One upload of a file as it is: everything that is recorded about an upload belongs to a round.
///
/// A round ends when the file has changed, or when the server has lost the upload; the next one starts from scratch.
struct UploadRound: Codable, Sendable {
  /// 1 for the first.
  var number: Int
  /// The file as it was when the round started.
  var file: FileIdentity
  /// The CRC-32C of the file as first read, if it is sent in one request.
  var crc32c: UInt32?

  private static let key = "round"
  private static let last = "last-round"

  /// The current round, or a new one.
  static func current(of path: String, in roots: UploadRoots, _ context: JobContext) async throws -> UploadRound {
    if let round = try await context.checkpoint(key, as: UploadRound.self) { return round }
    let number = (try await context.checkpoint(last, as: Int.self) ?? 0) + 1
    var round = UploadRound(number: number, file: try await FileIdentity.of(path, in: roots))
    if round.file.size < PartPlan.smallest {
      // Cheap to read, and recorded with the rest.
      round.crc32c = try await FileDigest.crc32c(
        path: path, offset: 0, length: round.file.size, expected: round.file.id
      ).value
    }
    try await context.checkpoint(key, round)
    return round
  }

  /// The round in a journal; nil if there is none.
  static func recorded(in journal: Journal) -> UploadRound? {
    journal.checkpoints[key].flatMap { try? JSONText.decode(UploadRound.self, from: $0) }
  }

  /// The round with what has been found out about the file since, recorded.
  func noting(file: FileIdentity? = nil, crc32c: UInt32? = nil, _ context: JobContext) async throws -> UploadRound {
    var noted = self
    noted.file = file ?? self.file
    noted.crc32c = crc32c ?? self.crc32c
    try await context.checkpoint(Self.key, noted)
    return noted
  }

  /// Ends the round; the next attempt starts another one.
  func end(_ context: JobContext) async throws {
    try await context.checkpoint(Self.last, number)
    try await context.removeCheckpoints([Self.key])
  }
}
