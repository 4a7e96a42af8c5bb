import StreamingJobs

/// Boolean options may be written without a value: `--skip-unsupported` means `--skip-unsupported true`.
enum BareOptions {
  /// The words of a command line, with a value after each such option.
  static func spelledOut(_ words: [String]) -> [String] {
    let words = kindFirst(words)
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

  /// Turns `enqueue --check KIND …` into `enqueue KIND --check …`: before the kind, an option would belong to the
  /// command that takes a file.
  private static func kindFirst(_ words: [String]) -> [String] {
    guard words.first == "enqueue", let kind = words.dropFirst().firstIndex(where: { !moved.contains($0) }), kind > 1,
      JobKinds.streaming.named(words[kind]) != nil
    else { return words }
    return ["enqueue", words[kind]] + words[1..<kind] + words[(kind + 1)...]
  }

  private static let moved: Set = ["--check", "--json", "--utc", "--no-color"]
}
