public import JobQueue
public import StreamingJobs

/// The parameters of a job, read as far as possible: a value that is missing or not valid hides no errors in the
/// others.
public struct ParameterReading {
  /// The parameters; nil if something is missing or not valid.
  public private(set) var parameters: (any JobParameters)?
  /// The errors that the kind finds in the values that could be read.
  public private(set) var issues: [ParameterIssue] = []

  /// Reads values.
  /// - Parameters:
  ///   - values: the values that could be read.
  ///   - unusable: the fields that are missing, or whose value has already been refused.
  /// - Throws: a decoding error if all fields are present but still do not form parameters.
  public init(_ values: [String: JSONValue], unusable: Set<String>, of kind: JobKindDescription) throws {
    var values = values
    // Replaced by the kind's own example, so that the rest can be checked; errors in it are ignored.
    for field in kind.fields where unusable.contains(field.name) { values[field.name] = Self.sample(field, kind) }
    do {
      let parameters = try kind.make(.object(values))
      issues = parameters.validate().filter { !unusable.contains($0.field) }
      self.parameters = unusable.isEmpty && issues.isEmpty ? parameters : nil
    } catch {
      guard !unusable.isEmpty else { throw error }
    }
  }

  private static func sample(_ field: JobField, _ kind: JobKindDescription) -> JSONValue {
    let words = kind.example.split(separator: " ").map(String.init)
    if let index = words.firstIndex(of: "--\(field.flag)"), index + 1 < words.count,
      let value = try? FieldValue.scalar(words[index + 1], field, absolute: { $0 })
    {
      return value
    }
    return switch field.shape {
    case .string, .path, .connection: .string("example")
    case .int: .int(1)
    case .bool: .bool(false)
    case .strings: .array([.string("example")])
    case .stringMap: .object([:])
    case .choice(let words): .string(words.first ?? "")
    }
  }
}
