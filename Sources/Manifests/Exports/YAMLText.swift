package import JobQueue

/// Values as readable YAML: block style, with the keys of a manifest in their usual order.
package enum YAMLText {
  /// The text of a document, with a line break at its end.
  package static func text(_ value: JSONValue) -> String {
    var lines: [String] = []
    write(value, indent: "", lead: "", into: &lines)
    return lines.joined(separator: "\n") + "\n"
  }

  /// Adds the lines of a value.
  /// - Parameters:
  ///   - indent: what every line but the first starts with.
  ///   - lead: what the first line starts with.
  private static func write(_ value: JSONValue, indent: String, lead: String, into lines: inout [String]) {
    switch value {
    case .object(let entries) where !entries.isEmpty:
      var lead = lead
      for (key, value) in entries.sorted(by: { (rank($0.key), $0.key) < (rank($1.key), $1.key) }) {
        if isBlock(value) {
          lines.append("\(lead)\(scalar(key)):")
          write(value, indent: indent + "  ", lead: indent + "  ", into: &lines)
        } else {
          lines.append("\(lead)\(scalar(key)): \(inline(value))")
        }
        lead = indent
      }
    case .array(let elements) where isBlock(value):
      var lead = lead
      for element in elements {
        write(element, indent: indent + "  ", lead: lead + "- ", into: &lines)
        lead = indent
      }
    default: lines.append(lead + inline(value))
    }
  }

  /// Whether a value needs lines of its own: mappings, and lists of them.
  private static func isBlock(_ value: JSONValue) -> Bool {
    switch value {
    case .object(let entries): !entries.isEmpty
    case .array(let elements): elements.contains { if case .object = $0 { true } else { false } }
    default: false
    }
  }

  private static func inline(_ value: JSONValue) -> String {
    switch value {
    case .string(let text): scalar(text)
    case .array(let elements): "[\(elements.map(inline).joined(separator: ", "))]"
    case .object: "{}"
    default: (try? JSONText.encode(value)) ?? "null"
    }
  }

  /// A text: plain if every YAML reader takes it for text, else in double quotes.
  private static func scalar(_ text: String) -> String {
    let isPlain =
      text.utf8.first.map { ($0 | 0x20) >= UInt8(ascii: "a") && ($0 | 0x20) <= UInt8(ascii: "z") } == true
      && text.utf8.allSatisfy { byte in
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || "-_./".utf8.contains(byte)
      }
    guard !isPlain || words.contains(text.lowercased()) else { return text }
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case _
      where scalar.properties.generalCategory == .control || "\u{2028}\u{2029}\u{FEFF}".unicodeScalars.contains(scalar):
        let digits = String(scalar.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }

  /// Texts that some YAML readers take for other values.
  private static let words: Set = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"]

  private static let order = [
    "apiVersion", "kind", "metadata", "spec", "name", "labels", "streams", "engine", "application", "sourceStream",
    "streamName", "region", "awsRegion", "start", "stop", "enabled", "target", "bucket", "cdn",
  ]

  private static func rank(_ key: String) -> Int { order.firstIndex(of: key) ?? order.count }
}
