import JobQueue
import Settings

/// Reads the fields of one layer of a manifest.
enum LayerReader {
  /// - Parameters:
  ///   - node: the layer's mapping.
  ///   - path: its name in messages, such as `defaults`.
  ///   - layer: the layer that the values come from.
  ///   - others: keys of the mapping that are not fields; their values are returned.
  ///   - without: fields that this layer cannot set.
  static func read(
    _ node: YAMLNode, _ path: String, _ layer: ManifestLayer, others: [String] = [], without: [String] = [],
    by reader: inout YAMLReader
  ) -> (values: GivenValues, others: [String: YAMLNode]) {
    var values = GivenValues()
    var found: [String: YAMLNode] = [:]
    let known = others + ManifestField.keys(below: "").filter { !without.contains($0) }
    for (key, value) in reader.mapping(node, path, known: known) {
      if others.contains(key) {
        found[key] = value
      } else {
        readField(key, value, path, layer, &values, by: &reader)
      }
    }
    return (values, found)
  }

  private static func readField(
    _ field: String, _ node: YAMLNode, _ path: String, _ layer: ManifestLayer, _ values: inout GivenValues,
    by reader: inout YAMLReader
  ) {
    if field == "labels" {
      for (name, value) in reader.mapping(node, "\(path).labels") {
        guard let text = reader.text(value, "\(path).labels.\(name)") else { continue }
        values.labels[name] = GivenValue(value: .string(text), layer: layer, place: value.location)
      }
      return
    }
    if let known = ManifestField.at(field) {
      guard let value = value(node, known, "\(path).\(field)", by: &reader) else { return }
      values.fields[field] = GivenValue(value: value, layer: layer, place: node.location)
      return
    }
    if let short = ManifestField.shortForms[field], node.text != nil {
      return readField(short, node, path, layer, &values, by: &reader)
    }
    for (key, value) in reader.mapping(node, "\(path).\(field)", known: ManifestField.keys(below: "\(field).")) {
      readField("\(field).\(key)", value, path, layer, &values, by: &reader)
    }
  }

  private static func value(
    _ node: YAMLNode, _ field: ManifestField, _ path: String, by reader: inout YAMLReader
  ) -> JSONValue? {
    switch (field.shape, node.content) {
    case (.map, _):
      var texts: [String: JSONValue] = [:]
      for (name, value) in reader.mapping(node, path) {
        if let text = reader.text(value, "\(path).\(name)") { texts[name] = .string(text) }
      }
      return .object(texts)
    case (.texts, .sequence(let elements)), (.choices, .sequence(let elements)):
      var values: [JSONValue] = []
      for element in elements {
        // An empty one is a rendition without a suffix.
        if field.path == "renditions", element.text == "" {
          values.append(.string(""))
        } else if let text = reader.text(element, path), let value = scalar(text, element, field, path, by: &reader) {
          values += list(value)
        }
      }
      return values.count >= elements.count ? .array(values) : nil
    default:
      guard let text = reader.text(node, path) else { return nil }
      return scalar(text, node, field, path, by: &reader)
    }
  }

  private static func list(_ value: JSONValue) -> [JSONValue] {
    if case .array(let values) = value { values } else { [value] }
  }

  private static func scalar(
    _ text: String, _ node: YAMLNode, _ field: ManifestField, _ path: String, by reader: inout YAMLReader
  ) -> JSONValue? {
    do throws(FieldProblem) {
      return try ManifestValue.value(text, field)
    } catch {
      reader.report("RD0405", "\(path): \(error.message)", at: node, help: error.help)
      return nil
    }
  }
}
