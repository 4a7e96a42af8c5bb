public import JobQueue

/// What a person can say about a kind of job: the source of the command line's flags, of its help, and of the checks of
/// a job file.
public struct JobKindDescription: Sendable {
  /// The kind's name, such as `create-map-entry`.
  public let kind: String
  /// The queue its jobs wait in.
  public let queue: String
  /// One sentence: what is true when the job is completed.
  public let summary: String
  /// A whole command line.
  public let example: String
  /// The parameters, the required ones first.
  public let fields: [JobField]
  /// Builds the parameters. They are not validated yet.
  /// - Throws: a decoding error when a value has the wrong type or a required one is missing.
  public let make: @Sendable (JSONValue) throws -> any JobParameters

  init<Parameters: JobParameters>(
    _ type: Parameters.Type, summary: String, example: String, fields: [JobField]
  ) {
    kind = Parameters.kind
    queue = Parameters.queue
    self.summary = summary
    self.example = example
    self.fields = fields
    make = { try JSONText.decode(Parameters.self, from: try JSONText.encode($0)) }
  }
}

/// One parameter of a kind of job.
public struct JobField: Sendable, Hashable {
  /// What its value is.
  public enum Shape: Sendable, Hashable {
    /// Text.
    case string
    /// A file's path; made absolute when the job is enqueued, because workers run elsewhere.
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
  /// What its value is.
  public let shape: Shape
  /// Whether it must be given.
  public let isRequired: Bool
  /// What it means, in one phrase.
  public let help: String
  /// What holds when it is not given.
  public let fallback: String?

  /// Its flag on the command line, in kebab-case without the dashes.
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

  static func required(_ name: String, _ shape: Shape, _ help: String) -> JobField {
    JobField(name: name, shape: shape, isRequired: true, help: help, fallback: nil)
  }

  static func required(_ name: String, _ help: String) -> JobField { required(name, .string, help) }

  static func optional(_ name: String, _ shape: Shape, _ help: String, fallback: String? = nil) -> JobField {
    JobField(name: name, shape: shape, isRequired: false, help: help, fallback: fallback)
  }

  static func optional(_ name: String, _ help: String, fallback: String? = nil) -> JobField {
    optional(name, .string, help, fallback: fallback)
  }
}
