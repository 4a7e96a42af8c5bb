extension JSONValue {
  /// JSON text with the object keys in random order: the real servers change the order from answer to answer, and a
  /// client must not depend on it.
  func text(shuffledBy random: inout SeededRandom) -> String {
    var text = ""
    write(to: &text, random: &random)
    return text
  }

  private func write(to text: inout String, random: inout SeededRandom) {
    switch self {
    case .null: text += "null"
    case .bool(let value): text += value ? "true" : "false"
    case .integer(let value): text += String(value)
    case .number(let value): text += value.isFinite ? String(value) : "null"
    case .string(let value): Self.writeQuoted(value, to: &text)
    case .array(let elements):
      text += "["
      for (index, element) in elements.enumerated() {
        if index > 0 { text += "," }
        element.write(to: &text, random: &random)
      }
      text += "]"
    case .object(let members):
      text += "{"
      // Sorted first: a dictionary's own order differs between processes and would defeat the seed.
      let keys = members.keys.sorted().shuffled(using: &random)
      for (index, key) in keys.enumerated() {
        if index > 0 { text += "," }
        Self.writeQuoted(key, to: &text)
        text += ":"
        (members[key] ?? .null).write(to: &text, random: &random)
      }
      text += "}"
    }
  }

  private static func writeQuoted(_ value: String, to text: inout String) {
    text += "\""
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case _ where scalar.value < 0x20:
        let hex = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }
}
