import JobQueue

extension JobProgress {
  /// How far an upload is: nil before it has looked at its file.
  static func ofUpload(_ journal: Journal) -> JobProgress? {
    guard let round = UploadRound.recorded(in: journal) else { return nil }
    let prefix = MultipartUpload.checkpoints(ofRound: round.number)
    let sent = journal.checkpoints.filter { $0.key.hasPrefix(prefix) }.compactMap {
      try? JSONText.decode(MultipartUpload.Sent.self, from: $0.value)
    }
    // Earlier versions did not write the length of a part down.
    let lengths = sent.compactMap(\.length)
    let all = lengths.max().map { Int((round.file.size + $0 - 1) / $0) }
    return JobProgress(
      parts: sent.count, allParts: all, bytes: lengths.reduce(0, +), allBytes: round.file.size)
  }
}
