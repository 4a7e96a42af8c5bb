import JobQueue
import Settings

/// The members of a JSON object, one on each line.
enum FieldList {
  /// The lines below a heading; a text that is not a JSON object is shown as it is.
  static func lines(_ heading: String, _ json: String, for terminal: Terminal) -> [String] {
    guard let value = try? JSONText.decode(JSONValue.self, from: json), case .object(let members) = value,
      !members.isEmpty
    else { return [terminal.paragraph("  \(heading.padded(to: 10))\(PlainText.oneLine(json))", indent: 10)] }
    let width = min(20, members.keys.map(\.count).max() ?? 0)
    return members.sorted { $0.key < $1.key }.enumerated().map { index, member in
      let title = (index == 0 ? heading : "").padded(to: 10)
      let name = PlainText.oneLine(member.key).padded(to: width)
      return terminal.paragraph("  \(title)\(name)  \(PlainText.oneLine(text(member.value)))", indent: 12 + width)
    }
  }

  /// A value as people write it; nested values as JSON.
  static func text(_ value: JSONValue) -> String {
    switch value {
    case .null: ""
    case .bool(let value): value ? "true" : "false"
    case .int(let value): "\(value)"
    case .double(let value): "\(value)"
    case .string(let value): value
    case .array(let values): values.allSatisfy(\.isPlain) ? values.map(text).joined(separator: ", ") : json(value)
    case .object: json(value)
    }
  }

  private static func json(_ value: JSONValue) -> String { (try? JSONText.encode(value)) ?? "" }
}

extension JSONValue {
  fileprivate var isPlain: Bool {
    switch self {
    case .array, .object: false
    case .null, .bool, .int, .double, .string: true
    }
  }
}

extension String {
  fileprivate func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
