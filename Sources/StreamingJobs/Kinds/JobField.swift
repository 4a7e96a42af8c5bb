/// One parameter of a kind of job.
public struct JobField: Sendable, Hashable {
  /// The type of its value.
  public enum Shape: Sendable, Hashable {
    /// Text.
    case string
    /// A file's path; made absolute when the job is enqueued, because workers run in other folders.
    case path
    /// A whole number.
    case int
    /// Yes or no.
    case bool
    /// Texts.
    case strings
    /// Names and texts.
    case stringMap
    /// One of a few words.
    case choice([String])
    /// The name of a connection.
    case connection(ConnectionKind)
  }

  /// Its name in a job file, in camelCase.
  public let name: String
  /// The type of its value.
  public let shape: Shape
  /// Whether it is required.
  public let isRequired: Bool
  /// Its meaning, in one phrase.
  public let help: String
  /// The value if it is not given.
  public let fallback: String?

  /// Its option on the command line, in kebab-case without the dashes.
  public var flag: String {
    var flag = ""
    var previousIsLower = false
    for character in name {
      if character.isUppercase, previousIsLower { flag += "-" }
      previousIsLower = character.isLowercase || character.isNumber
      flag += character.lowercased()
    }
    return flag
  }

  /// A required field.
  public static func required(_ name: String, _ shape: Shape, _ help: String) -> JobField {
    JobField(name: name, shape: shape, isRequired: true, help: help, fallback: nil)
  }

  /// A required text.
  public static func required(_ name: String, _ help: String) -> JobField { required(name, .string, help) }

  /// An optional field.
  /// - Parameter fallback: the value if it is not given.
  public static func optional(_ name: String, _ shape: Shape, _ help: String, fallback: String? = nil) -> JobField {
    JobField(name: name, shape: shape, isRequired: false, help: help, fallback: fallback)
  }

  /// An optional text.
  /// - Parameter fallback: the value if it is not given.
  public static func optional(_ name: String, _ help: String, fallback: String? = nil) -> JobField {
    optional(name, .string, help, fallback: fallback)
  }
}
