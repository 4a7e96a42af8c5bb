public import JobQueue
public import Settings
public import StreamingJobs

/// A connection that a job names.
public struct ConnectionUse: Sendable, Hashable {
  /// `engines`, `aws`, `wowzaVideo` or `pushCredentials`.
  public var section: String
  /// The name.
  public var name: String
  /// Its place in the file; nil on the command line.
  public var place: SourceLocation?
  /// The region that the job names with it, if its kind has one.
  public var region: String?
  /// The place of the region; nil on the command line.
  public var regionPlace: SourceLocation?

  /// Creates a reference to a connection.
  public init(
    section: String, name: String, place: SourceLocation? = nil, region: String? = nil,
    regionPlace: SourceLocation? = nil
  ) {
    self.section = section
    self.name = name
    self.place = place
    self.region = region
    self.regionPlace = regionPlace
  }

  /// The connections in the parameters of a job, according to the fields of its kind.
  /// - Parameter place: the place of a parameter's value.
  public static func all(
    of fields: [JobField], in values: [String: JSONValue], place: (String) -> SourceLocation? = { _ in nil }
  ) -> [ConnectionUse] {
    fields.compactMap { field in
      guard case .connection(let section) = field.shape, case .string(let name)? = values[field.name] else {
        return nil
      }
      var use = ConnectionUse(section: section.rawValue, name: name, place: place(field.name))
      if case .string(let region)? = values["region"] { (use.region, use.regionPlace) = (region, place("region")) }
      return use
    }
  }
}
