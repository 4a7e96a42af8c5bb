import AWSClient
import JobQueue

/// A sheet to fill in: the columns that its streams need or usually have, and what each may contain.
package struct SheetTemplate: Sendable {
  /// One column.
  package struct Column: Sendable, Hashable, Encodable {
    /// Its name in the header.
    package var name: String
    /// Whether every row needs a value.
    package var required: Bool
    /// The values that it may have.
    package var values: String
  }

  /// In the order of the header; the first one is `stream`.
  package let columns: [Column]

  /// The columns that most sheets set for each stream.
  private static let usual = ["sourceStream", "application", "enabled", "start", "stop", "timezone"]

  /// Chooses the columns.
  /// - Parameters:
  ///   - profile: what the streams inherit and may override.
  ///   - known: the names of connections by section.
  ///   - isWhole: whether to include a column for every field.
  package init(profile: Profile?, known: [String: [String]], isWhole: Bool = false) {
    let given = profile?.values ?? GivenValues()
    let needed = Self.needed(given, known)
    let inherited = ManifestField.all.map(\.path).filter { given.fields[$0] != nil }
    let rest = isWhole ? ManifestField.all.map(\.path) : []
    var paths: [String] = []
    for path in needed + Self.usual + inherited + rest where !paths.contains(path) { paths.append(path) }
    var columns = [Column(name: "stream", required: true, values: "the stream's name, unique in the sheet")]
    for field in paths.compactMap({ ManifestField.at($0) }) where field.isColumn {
      columns.append(
        Column(
          name: field.column ?? field.path, required: needed.contains(field.path),
          values: Self.values(of: field, given.fields[field.path], known)))
    }
    let labels = given.labels.isEmpty ? ["event"] : given.labels.keys.sorted()
    for name in labels {
      let inherits = given.labels[name].map { "; the profile sets \(SheetCell.text($0.value))" } ?? ""
      columns.append(Column(name: "label.\(name)", required: false, values: "a label for finding streams\(inherits)"))
    }
    self.columns = columns
  }

  /// The first row: the names of the columns.
  package var heading: [String] { columns.map(\.name) }

  /// The second row: what each column may contain. It starts with `#`, so that readers skip it.
  package var note: [String] {
    columns.enumerated().map { index, column in
      (index == 0 ? "# " : "") + (column.required ? "required: " : "optional: ") + column.values
    }
  }

  /// The columns that every stream still needs a value for.
  private static func needed(_ given: GivenValues, _ known: [String: [String]]) -> [String] {
    func lacks(_ path: String) -> Bool { given.fields[path] == nil }
    func isOpen(_ path: String, _ section: String) -> Bool { lacks(path) && known[section]?.count != 1 }
    var needed = ["engine", "bucket.name"].filter(lacks)
    if lacks("awsRegion") {
      let region = given.text("region")
      // A sheet has no regions of its own, so the name must be that of an AWS region.
      if region.map({ !$0.contains("{") && !AWSRegion.canBeOfAWS($0) }) ?? true {
        needed.append(region == nil ? "region" : "awsRegion")
      }
    }
    if isOpen("target.credential", "pushCredentials") { needed.append("target.credential") }
    if isOpen("bucket.connection", "aws") { needed.append("bucket.connection") }
    if given.text("cdn.kind") ?? "none" != "none", isOpen("cdn.connection", "wowzaVideo") {
      needed.append("cdn.connection")
    }
    return needed
  }

  /// The sections of connections for fields that name one.
  private static let sections = [
    "engine": "engines", "target.credential": "pushCredentials", "bucket.connection": "aws",
    "cdn.connection": "wowzaVideo",
  ]

  private static func values(of field: ManifestField, _ given: GivenValue?, _ known: [String: [String]]) -> String {
    let names = sections[field.path].flatMap { known[$0] } ?? []
    let values = names.isEmpty ? SheetCell.values(field) : names.joined(separator: " | ")
    let words = field.help + (values.map { ": \($0)" } ?? "")
    if let given { return "\(words); the profile sets \(SheetCell.text(given.value))" }
    return field.fallback.map { "\(words); default: \($0)" } ?? words
  }
}
