import JobQueue
import Settings

/// States as people write them: `dead`, or `dead,held`.
enum StateList {
  /// Reads the values of an option.
  /// - Throws: ``CommandError`` for a word that is not a state.
  static func parse(_ texts: [String], flag: String) throws -> [JobState] {
    let all = JobState.allCases.map(\.rawValue)
    return try texts.flatMap { text in
      try text.split(separator: ",", omittingEmptySubsequences: false).map { part in
        let word = String(part.filter { $0 != " " })
        if let state = JobState(rawValue: word.lowercased()) { return state }
        let near = Suggestion.nearest(to: word, among: all)
        throw CommandError.input(
          "RD0301", "'\(word)' is not a valid value for \(flag)", flag: flag,
          help: near.map { "did you mean '\($0)'?" } ?? "use one of \(all.joined(separator: ", "))")
      }
    }
  }
}
