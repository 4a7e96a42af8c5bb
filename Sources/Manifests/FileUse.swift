public import JobQueue
public import Settings
public import StreamingJobs

/// A file on this machine that a job names.
public struct FileUse: Sendable, Hashable {
  /// Its absolute path.
  public var path: String
  /// The parameter that names it.
  public var field: String
  /// Its place in the file; nil on the command line.
  public var place: SourceLocation?

  /// Creates a reference to a file.
  public init(path: String, field: String, place: SourceLocation? = nil) {
    self.path = path
    self.field = field
    self.place = place
  }

  /// The files in the parameters of a job, according to the fields of its kind.
  public static func all(of fields: [JobField], in values: [String: JSONValue]) -> [FileUse] {
    fields.compactMap { field in
      guard field.shape == .path, case .string(let path)? = values[field.name] else { return nil }
      return FileUse(path: path, field: field.name)
    }
  }
}
