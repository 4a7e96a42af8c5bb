import Wire

/// "Did you mean": the nearest known word.
public enum Suggestion {
  /// The candidate with the fewest edits, if they are few for the length of the word; nil otherwise.
  public static func nearest(to word: String, among candidates: [String]) -> String? {
    // The comparison is quadratic; no typo is longer.
    guard word.count <= 64 else { return nil }
    let limit = max(1, word.count / 3)
    return candidates.map { (distance(word.lowercased(), $0.lowercased()), $0) }
      .filter { $0.0 <= limit }.min { $0 < $1 }?.1
  }

  /// Insertions, deletions, replacements of one character and swaps of two neighbours (optimal string alignment).
  public static func distance(_ left: String, _ right: String) -> Int {
    EditDistance.between(left, right)
  }
}
