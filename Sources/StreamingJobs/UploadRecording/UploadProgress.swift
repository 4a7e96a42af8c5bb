import JobQueue

extension JobProgress {
  /// The progress of an upload; nil before it has looked at its file.
  static func ofUpload(_ journal: Journal) -> JobProgress? {
    guard let round = UploadRound.recorded(in: journal) else { return nil }
    let prefix = MultipartUpload.checkpoints(ofRound: round.number)
    let sent = journal.checkpoints.filter { $0.key.hasPrefix(prefix) }.compactMap {
      try? JSONText.decode(MultipartUpload.Sent.self, from: $0.value)
    }
    // Earlier versions did not record the length of a part.
    let lengths = sent.compactMap(\.length)
    let all = lengths.max().map { Int((round.file.size + $0 - 1) / $0) }
    return JobProgress(
      parts: sent.count, allParts: all, bytes: lengths.reduce(0, +), allBytes: round.file.size)
  }
}
