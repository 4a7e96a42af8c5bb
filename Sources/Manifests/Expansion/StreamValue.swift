package import JobQueue
package import Settings

/// One value of a stream with its placeholders filled in, and its source: what `--explain-values` shows.
package struct StreamValue: Sendable {
  /// The field's path, or `labels.NAME`.
  package var path: String
  /// The value.
  package var value: JSONValue
  /// Its source; nil for a default.
  package var layer: ManifestLayer?
  /// Its place in a file.
  package var place: SourceLocation?

  /// All values of a stream, in the order of ``ManifestField/all``.
  static func all(of values: StreamValues, _ problems: inout ManifestProblems) -> [StreamValue] {
    var all: [StreamValue] = []
    for field in ManifestField.all where field.shape != .map || field.path != "labels" {
      if let given = values.given.fields[field.path] {
        var value = given.value
        if field.shape == .text, let text = values.text(field.path, &problems) { value = .string(text) }
        all.append(StreamValue(path: field.path, value: value, layer: given.layer, place: given.place))
      } else if let fallback = field.fallback {
        let isTemplate = fallback.contains("{")
        let text = isTemplate ? values.fill(fallback, field.path, values.stream.place, &problems) : nil
        all.append(StreamValue(path: field.path, value: .string(text ?? fallback)))
      }
    }
    for (name, given) in values.given.labels.sorted(by: { $0.key < $1.key }) {
      let text = values.names["label.\(name)"].map { JSONValue.string($0) }
      all.append(
        StreamValue(path: "labels.\(name)", value: text ?? given.value, layer: given.layer, place: given.place))
    }
    return all
  }
}
