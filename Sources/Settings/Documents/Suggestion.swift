/// "Did you mean": the nearest known word.
public enum Suggestion {
  /// The candidate with the fewest edits, when they are few for the length of the word; nil otherwise.
  public static func nearest(to word: String, among candidates: [String]) -> String? {
    // The comparison is quadratic; nobody's typing error is longer.
    guard word.count <= 64 else { return nil }
    let limit = max(1, word.count / 3)
    return candidates.map { (distance(word.lowercased(), $0.lowercased()), $0) }
      .filter { $0.0 <= limit }.min { $0 < $1 }?.1
  }

  /// Levenshtein's distance: insertions, deletions and replacements of one character.
  public static func distance(_ left: String, _ right: String) -> Int {
    let right = Array(right)
    var row = Array(0...right.count)
    for (i, a) in left.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, b) in right.enumerated() {
        let replaced = diagonal + (a == b ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(replaced, row[j] + 1, diagonal + 1)
      }
    }
    return row[right.count]
  }
}
