import JobQueue

/// Values as the cells of a sheet: the reverse of ``ManifestValue``.
enum SheetCell {
  /// The cell for a value; empty for values that no cell can hold.
  static func text(_ value: JSONValue) -> String {
    switch value {
    case .string(let text): text
    case .bool(let isSo): isSo ? "yes" : "no"
    case .int(let number): "\(number)"
    case .array(let values): values.map { text($0) }.joined(separator: ";")
    case .object(let values):
      values.sorted { $0.key < $1.key }.map { "\($0.key)=\(text($0.value))" }.joined(separator: ";")
    default: ""
    }
  }

  /// What a cell for a field may contain, or a sample of it; nil for any text.
  static func values(_ field: ManifestField) -> String? {
    switch field.shape {
    case .text: nil
    case .bool: "yes | no"
    case .int(let range): "\(range.lowerBound) to \(range.upperBound)"
    case .duration: "30s | 10m | 2h"
    case .choice(let words): words.joined(separator: " | ")
    case .choices(let words): words.joined(separator: ";")
    case .texts: "one;another"
    case .map: "name=value;another=value"
    case .time: "2026-12-05T18:00"
    }
  }
}
