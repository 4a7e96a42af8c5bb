extension Connections {
  /// Reads the mapping `connections`, which a configuration and a manifest may have: an entry replaces an existing one
  /// of the same name.
  public mutating func read(_ node: YAMLNode, by reader: inout YAMLReader) {
    for (section, node) in reader.mapping(node, "connections", known: Self.kinds.map { $0.section }) {
      guard let kind = Self.kinds.first(where: { $0.section == section }) else { continue }
      for (name, node) in reader.mapping(node, "connections.\(section)") {
        guard let connection = kind.read(node, "connections.\(section).\(name)", by: &reader) else { continue }
        set(connection, name, .file(node.location))
      }
    }
  }

  /// Adds others, replacing those of the same names.
  public mutating func merge(_ others: Connections) {
    for entry in others.all { set(entry.connection.value, entry.name, entry.connection.origin) }
  }
}
