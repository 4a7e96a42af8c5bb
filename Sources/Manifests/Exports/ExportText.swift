package import JobQueue
import StreamingJobs

extension StreamExport {
  /// The rows of a sheet, starting with the header: the ``ManifestField`` columns that any stream has, labels, and
  /// status.
  package var rows: [[String]] {
    let fields = ManifestField.all.filter { field in
      field.isColumn && streams.contains { $0.values[field.path] != nil }
    }
    let labels = Set(streams.flatMap(\.labels.keys)).sorted()
    let header =
      fields.map { $0.column ?? $0.path } + labels.map { "label.\($0)" } + ToldColumn.allCases.map(\.rawValue)
    let cells = streams.map { stream in
      fields.map { stream.values[$0.path].map { SheetCell.text($0) } ?? "" } + labels.map { stream.labels[$0] ?? "" }
        + ToldColumn.allCases.map { stream.told[$0] ?? "" }
    }
    // A row whose first cell begins with # is a comment, so such a name goes into the second column.
    let place = streams.contains { $0.name.hasPrefix("#") } && !fields.isEmpty ? 1 : 0
    return zip([header] + cells, ["stream"] + streams.map(\.name)).map { row, name in
      var row = row
      row.insert(name, at: place)
      return row
    }
  }

  /// A manifest of these streams. Their status is under `status`, which apply ignores.
  /// - Parameter name: the manifest's name.
  package func document(named name: String) -> JSONValue {
    let streams = streams.map { stream -> JSONValue in
      var node: [String: JSONValue] = ["name": .string(stream.name)]
      for (path, value) in stream.values {
        Self.set(value, at: path.split(separator: ".").map(String.init)[...], &node)
      }
      if !stream.labels.isEmpty { node["labels"] = .object(stream.labels.mapValues { .string($0) }) }
      let told = stream.told.map { ($0.key.rawValue, JSONValue.string($0.value)) }
      node["status"] = .object(Dictionary(told, uniquingKeysWith: { first, _ in first }))
      return .object(node)
    }
    return .object([
      "apiVersion": .string("rundown/v1"), "kind": .string("Onboarding"),
      "metadata": .object(["name": .string(name)]), "spec": .object(["streams": .array(streams)]),
    ])
  }

  private static func set(_ value: JSONValue, at path: ArraySlice<String>, _ node: inout [String: JSONValue]) {
    guard let key = path.first else { return }
    guard path.count > 1 else { return node[key] = value }
    var inner: [String: JSONValue] = [:]
    if case .object(let there)? = node[key] { inner = there }
    set(value, at: path.dropFirst(), &inner)
    node[key] = .object(inner)
  }
}
