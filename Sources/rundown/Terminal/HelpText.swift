/// The parser's help and errors, fitted to the width of a terminal.
enum HelpText {
  /// The text with its usage lines broken between words: the parser does not break them, and a terminal would break
  /// them anywhere.
  static func fit(_ text: String, width: Int?) -> String {
    guard let width else { return text }
    return text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      guard let usage = line.firstRange(of: ["USAGE: ", "Usage: "].first { line.contains($0) } ?? "\n") else {
        return String(line)
      }
      return broken(String(line), width, indent: line.distance(from: line.startIndex, to: usage.upperBound))
    }.joined(separator: "\n")
  }

  private static func broken(_ line: String, _ width: Int, indent: Int) -> String {
    guard line.count > width else { return line }
    var lines = [""]
    for word in words(of: line) {
      let last = lines[lines.count - 1]
      if last.isEmpty {
        lines[lines.count - 1] = word
      } else if last.count + 1 + word.count <= width {
        lines[lines.count - 1] = "\(last) \(word)"
      } else {
        lines.append(String(repeating: " ", count: indent) + word)
      }
    }
    return lines.joined(separator: "\n")
  }

  /// The words of a usage line; an option stays with its value, and brackets with their content.
  private static func words(of line: String) -> [String] {
    var words: [String] = []
    for part in line.split(separator: " ", omittingEmptySubsequences: false).map(String.init) {
      if let last = words.last,
        last.hasPrefix("[") && !last.hasSuffix("]") || last.hasPrefix("--") && part.hasPrefix("<")
      {
        words[words.count - 1] = "\(last) \(part)"
      } else {
        words.append(part)
      }
    }
    return words
  }
}
