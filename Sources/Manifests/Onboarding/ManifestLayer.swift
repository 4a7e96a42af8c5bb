package import JobQueue
package import Settings

/// The source of a value. Later ones in this list override earlier ones.
package enum ManifestLayer: Sendable, Hashable, CustomStringConvertible {
  /// A profile by its name.
  case profile(String)
  /// `defaults`.
  case defaults
  /// A region by its name.
  case region(String)
  /// An engine by its name.
  case engine(String)
  /// A group by its name.
  case group(String)
  /// A row of a sheet by its number.
  case row(Int)
  /// An entry under `streams`.
  case stream

  /// Its name for people.
  package var description: String {
    switch self {
    case .profile(let name): "profile \(name)"
    case .defaults: "defaults"
    case .region(let name): "region \(name)"
    case .engine(let name): "engine \(name)"
    case .group(let name): "group \(name)"
    case .row(let number): "row \(number)"
    case .stream: "stream"
    }
  }
}

/// A value with its source and place.
package struct GivenValue: Sendable, Hashable {
  /// The value as written: placeholders are not filled in.
  package var value: JSONValue
  /// Its source.
  package var layer: ManifestLayer
  /// Its place in a file.
  package var place: SourceLocation
}

/// The values of one layer, or of all of them together: by the paths of their fields, plus labels, which are combined.
package struct GivenValues: Sendable {
  /// By ``ManifestField`` path.
  package var fields: [String: GivenValue] = [:]
  /// By their names.
  package var labels: [String: GivenValue] = [:]

  /// The text of a field.
  package func text(_ path: String) -> String? {
    if case .string(let text)? = fields[path]?.value { text } else { nil }
  }

  /// Overrides these values with those of a later layer.
  mutating func merge(_ stronger: GivenValues) {
    fields.merge(stronger.fields) { _, strong in strong }
    labels.merge(stronger.labels) { _, strong in strong }
  }

  func merged(with stronger: GivenValues) -> GivenValues {
    var all = self
    all.merge(stronger)
    return all
  }
}
