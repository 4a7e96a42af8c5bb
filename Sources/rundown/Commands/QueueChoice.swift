import Settings

/// Which queues a worker serves, and how many jobs it runs in parallel in each.
struct QueueChoice {
  let limits: [String: Int]

  /// - Parameters:
  ///   - text: `engines,uploads=2`; nil for all queues.
  ///   - concurrency: the number from the command line for queues without one of their own.
  ///   - known: the existing queues.
  init(_ text: String?, _ concurrency: Int?, _ settings: Settings, known: [String]) throws {
    if let concurrency, !(1...1000).contains(concurrency) {
      throw CommandError.input(
        "RD0303", "\(concurrency) is not between 1 and 1000", flag: "--concurrency",
        help: "leave it out to use the configuration's number")
    }
    func standard(_ queue: String) -> Int {
      concurrency ?? settings.queueConcurrency[queue]?.value ?? settings.concurrency.value
    }
    guard let text else {
      limits = Dictionary(uniqueKeysWithValues: known.map { ($0, standard($0)) })
      return
    }
    var chosen: [String: Int] = [:]
    for item in text.split(separator: ",") {
      let parts = item.split(separator: "=", maxSplits: 1).map(String.init)
      guard let queue = parts.first, known.contains(queue) else {
        let near = Suggestion.nearest(to: parts.first ?? "", among: known)
        throw CommandError.input(
          "RD0304", "unknown queue '\(parts.first ?? "")'", flag: "--queues",
          help: near.map { "did you mean '\($0)'?" } ?? "known queues: \(known.joined(separator: ", "))")
      }
      guard parts.count == 2 else {
        chosen[queue] = standard(queue)
        continue
      }
      guard let count = Int(parts[1]), (1...1000).contains(count) else {
        throw CommandError.input(
          "RD0303", "'\(parts[1])' is not a valid number of jobs for queue \(queue)", flag: "--queues",
          help: "write \(queue)=4")
      }
      chosen[queue] = count
    }
    guard !chosen.isEmpty else {
      throw CommandError.input(
        "RD0304", "no queue given", flag: "--queues",
        help: "known queues: \(known.joined(separator: ", "))")
    }
    limits = chosen
  }
}
