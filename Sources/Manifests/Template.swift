/// Texts with placeholders such as `{name}` and `{n:03}`: plain replacement, no logic.
struct Template {
  /// An error in the braces of a text.
  struct Problem: Error {
    let message: String
    let help: String?
  }

  /// The values of the placeholders.
  let values: [String: String]

  /// The text with every placeholder replaced. `{{` stands for `{`, `}}` for `}`. If there are no values, there are no
  /// placeholders, and braces are plain text.
  func filled(_ text: String) throws(Problem) -> String {
    guard !values.isEmpty, text.contains(where: { $0 == "{" || $0 == "}" }) else { return text }
    var result = ""
    var rest = text[...]
    while let brace = rest.firstIndex(where: { $0 == "{" || $0 == "}" }) {
      result += rest[..<brace]
      let after = rest[rest.index(after: brace)...]
      if after.first == rest[brace] {
        result.append(rest[brace])
        rest = after.dropFirst()
        continue
      }
      guard rest[brace] == "{" else {
        result.append("}")
        rest = after
        continue
      }
      guard let close = after.firstIndex(of: "}") else {
        throw Problem(message: "'{' without '}' in \"\(text)\"", help: "write {{ for a brace")
      }
      result += try value(of: String(after[..<close]))
      rest = after[after.index(after: close)...]
    }
    return result + rest
  }

  private func value(of placeholder: String) throws(Problem) -> String {
    let parts = placeholder.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard let value = values[parts[0]] else {
      let known = values.keys.sorted().map { "{\($0)}" }.joined(separator: ", ")
      throw Problem(message: "unknown placeholder {\(parts[0])}", help: "known: \(known); write {{ for a brace")
    }
    guard parts.count == 2 else { return value }
    guard parts[1].hasPrefix("0"), let width = Int(parts[1]), (1...18).contains(width), value.allSatisfy(\.isNumber)
    else {
      throw Problem(message: "{\(placeholder)} has an unknown format", help: "write {n:03} for three digits")
    }
    return String(repeating: "0", count: max(0, width - value.count)) + value
  }
}
