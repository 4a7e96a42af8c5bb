import ArgumentParser
import JobQueue
import Settings

/// States as a person writes them down: `dead`, or `dead,held`.
struct StateList: Sendable {
  let states: [JobState]

  /// Reads them.
  /// - Throws: `ValidationError` for a word that is no state.
  static func parse(_ text: String) throws -> StateList {
    let words = text.split(separator: ",").map { String($0.filter { $0 != " " }) }.filter { !$0.isEmpty }
    let all = JobState.allCases.map(\.rawValue)
    guard !words.isEmpty else { throw ValidationError("states are \(all.joined(separator: ", "))") }
    return StateList(
      states: try words.map { word in
        if let state = JobState(rawValue: word.lowercased()) { return state }
        let near = Suggestion.nearest(to: word, among: all).map { "did you mean '\($0)'? " } ?? ""
        throw ValidationError("'\(word)' is not a state; \(near)states are \(all.joined(separator: ", "))")
      })
  }
}
