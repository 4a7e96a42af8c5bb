public import JobQueue
public import StreamingJobs

/// Converts what a user writes into the value of a parameter.
public enum FieldValue {
  /// A text as the value of a field; throws if it is not valid.
  /// - Parameter absolute: makes a path absolute.
  public static func scalar(
    _ text: String, _ field: JobField, absolute: (String) -> String
  ) throws(FieldProblem) -> JSONValue {
    switch field.shape {
    case .string, .connection: return .string(text)
    case .path: return .string(absolute(text))
    case .int:
      guard let number = Int64(text) else { throw FieldProblem("'\(text)' is not a whole number") }
      return .int(number)
    case .bool:
      switch text.lowercased() {
      case "true", "yes", "on": return .bool(true)
      case "false", "no", "off": return .bool(false)
      default: throw FieldProblem("'\(text)' is not true or false")
      }
    case .choice(let words):
      guard words.contains(text) else {
        throw FieldProblem("unknown value '\(text)'", help: "use one of \(words.joined(separator: ", "))")
      }
      return .string(text)
    case .strings: return .array(text.split(separator: ",").map { .string(trimmed($0)) })
    case .stringMap: throw FieldProblem("expected names and values", help: "such as event: cup")
    }
  }

  private static func trimmed(_ text: Substring) -> String {
    var text = text.drop { $0.isWhitespace }
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }
}

/// Why a value does not fit its field.
public struct FieldProblem: Error, Sendable, Hashable {
  /// One sentence.
  public var message: String
  /// What to do about it.
  public var help: String?

  /// Creates a problem.
  public init(_ message: String, help: String? = nil) {
    self.message = message
    self.help = help
  }
}
