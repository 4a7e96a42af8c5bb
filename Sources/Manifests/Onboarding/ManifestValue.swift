import JobQueue
import Settings
import Wire

/// Converts what a user writes into the value of a manifest field.
enum ManifestValue {
  /// The maximum length of a text with placeholders.
  static let textBytes = 1024

  /// A text from a cell or a single value, as the value of a field.
  static func value(_ text: String, _ field: ManifestField) throws(FieldProblem) -> JSONValue {
    guard text.utf8.count <= textBytes else { throw FieldProblem("longer than \(textBytes) bytes") }
    switch field.shape {
    case .text: return .string(text)
    case .bool:
      switch text.lowercased() {
      case "true", "yes", "on": return .bool(true)
      case "false", "no", "off": return .bool(false)
      default: throw FieldProblem("'\(text)' is not yes or no", help: "write yes or no")
      }
    case .int(let range):
      guard let number = Int(text), range.contains(number) else {
        throw FieldProblem(
          "'\(text)' is not a whole number from \(range.lowerBound) to \(range.upperBound)")
      }
      return .int(Int64(number))
    case .duration:
      guard let span = DurationText.parse(text), span > .zero else {
        throw FieldProblem("'\(text)' is not a valid duration", help: "write 30s, 10m or 2h")
      }
      return .string(text)
    case .choice(let words): return .string(try word(text, of: words))
    case .texts: return .array(list(text).map { .string($0) })
    case .choices(let words):
      var chosen: [JSONValue] = []
      for each in list(text) { chosen.append(.string(try word(each, of: words))) }
      return .array(chosen)
    case .map: return .object(try pairs(text))
    case .time:
      guard WallTime(text) != nil || InternetTime.milliseconds(text) != nil else {
        throw FieldProblem("'\(text)' is not a valid time", help: "write 2026-12-05T18:00")
      }
      return .string(text)
    }
  }

  /// Names and values in a cell: `event=cup;house=eu`.
  private static func pairs(_ text: String) throws(FieldProblem) -> [String: JSONValue] {
    var pairs: [String: JSONValue] = [:]
    for part in list(text) where !part.isEmpty {
      guard let equals = part.firstIndex(of: "="), equals != part.startIndex else {
        throw FieldProblem("'\(part)' is not a name and a value", help: "write event=cup;house=eu")
      }
      pairs[String(part[..<equals])] = .string(String(part[part.index(after: equals)...]))
    }
    return pairs
  }

  private static func word(_ text: String, of words: [String]) throws(FieldProblem) -> String {
    if words.contains(text) { return text }
    let near = Suggestion.nearest(to: text, among: words)
    throw FieldProblem(
      "unknown value '\(text)'",
      help: near.map { "did you mean \"\($0)\"?" } ?? "use one of \(words.joined(separator: ", "))")
  }

  /// Texts separated by commas, semicolons or line breaks.
  private static func list(_ text: String) -> [String] {
    text.split { ",;".contains($0) || $0.isNewline }.map { part in
      var part = part.drop { $0.isWhitespace }
      while part.last?.isWhitespace == true { part.removeLast() }
      return String(part)
    }
  }
}
