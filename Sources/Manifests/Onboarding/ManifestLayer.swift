package import JobQueue
package import Settings

/// Who gave a value. A later one in this list is stronger.
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

  /// The words for a person.
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

/// A value with who gave it and where.
package struct GivenValue: Sendable, Hashable {
  /// The value as it is written: names are not filled in.
  package var value: JSONValue
  /// Who gave it.
  package var layer: ManifestLayer
  /// Where it stands.
  package var place: SourceLocation
}

/// What one layer, or all of them together, give: values by the paths of their fields, and labels, which add up.
package struct GivenValues: Sendable {
  /// By the paths of ``ManifestField``.
  package var fields: [String: GivenValue] = [:]
  /// By their names.
  package var labels: [String: GivenValue] = [:]

  /// The text of a field.
  package func text(_ path: String) -> String? {
    if case .string(let text)? = fields[path]?.value { text } else { nil }
  }

  /// Lays stronger values over these.
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
