import StreamingJobs

/// Options of yes or no may be written without their value: `--skip-unsupported` says what `--skip-unsupported true` does.
enum BareOptions {
  /// The words of a command line, with the value of each such option.
  static func spelledOut(_ words: [String]) -> [String] {
    guard words.count > 2, words[0] == "enqueue", let kind = JobKinds.streaming.named(words[1]) else { return words }
    let options = Set(kind.fields.filter { $0.shape == .bool }.map { "--\($0.flag)" })
    var spelled: [String] = []
    for (index, word) in words.enumerated() {
      spelled.append(word)
      guard options.contains(word), index + 1 == words.count || words[index + 1].hasPrefix("-") else { continue }
      spelled.append("true")
    }
    return spelled
  }
}
