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

  /// Insertions, deletions, replacements of one character and exchanges of two neighbours (optimal string alignment).
  public static func distance(_ left: String, _ right: String) -> Int {
    let left = Array(left)
    let right = Array(right)
    var before: [Int] = []
    var row = Array(0...right.count)
    for i in left.indices {
      var next = [i + 1]
      for j in right.indices {
        var best = min(row[j] + (left[i] == right[j] ? 0 : 1), row[j + 1] + 1, next[j] + 1)
        if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] { best = min(best, before[j - 1] + 1) }
        next.append(best)
      }
      before = row
      row = next
    }
    return row[right.count]
  }
}
