import FoundationEssentials
import Wire

/// A JSON value from Wowza Video, read tolerantly: fields may be missing, null, or of another type than the
/// specification says.
enum VideoValue: Sendable, Equatable {
  case null
  case bool(Bool)
  case integer(Int64)
  case number(Double)
  case string(String)
  case array([VideoValue])
  case object([String: VideoValue])

  /// The value of a key, if this is an object that has it.
  subscript(key: String) -> VideoValue? {
    if case .object(let fields) = self { fields[key] } else { nil }
  }

  /// Text, even if it came as a number: ids and codes may.
  var text: String? {
    switch self {
    case .string(let value): value
    case .integer(let value): String(value)
    case .number(let value): String(value)
    case .bool, .null, .array, .object: nil
    }
  }

  /// A Boolean, even if it came as text.
  var flag: Bool? {
    switch self {
    case .bool(let value): value
    case .string(let value): Bool(value)
    default: nil
    }
  }

  /// A number, even if it came as text.
  var amount: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value
    case .string(let value): Double(value)
    default: nil
    }
  }

  /// A whole number, even if it came with a fraction of zero or as text.
  var whole: Int? { amount.flatMap { Int(exactly: $0) } }

  /// An instant in seconds since 1970.
  var instant: Int64? { text.flatMap { InternetTime.seconds($0) } }

  /// The elements of a list; nil for anything else.
  var elements: [VideoValue]? {
    if case .array(let values) = self { values } else { nil }
  }

  /// The value of a JSON text; nil if it is not JSON. The decoder bounds the depth, the transport the size.
  static func parse(_ bytes: [UInt8]) -> VideoValue? {
    try? JSONDecoder().decode(VideoValue.self, from: Data(bytes))
  }

  /// The JSON text, with sorted keys so that equal values give equal bytes.
  func bytes() throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return [UInt8](try encoder.encode(self))
  }
}

extension VideoValue: Codable {
  init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    if let text = try? value.decode(String.self) {
      self = .string(text)
    } else if value.decodeNil() {
      self = .null
    } else if let flag = try? value.decode(Bool.self) {
      self = .bool(flag)
    } else if let whole = try? value.decode(Int64.self) {
      self = .integer(whole)
    } else if let number = try? value.decode(Double.self) {
      self = .number(number)
    } else if let fields = try? value.decode([String: VideoValue].self) {
      self = .object(fields)
    } else {
      self = .array(try value.decode([VideoValue].self))
    }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .null: try container.encodeNil()
    case .bool(let value): try container.encode(value)
    case .integer(let value): try container.encode(value)
    case .number(let value): try container.encode(value)
    case .string(let value): try container.encode(value)
    case .array(let values): try container.encode(values)
    case .object(let fields): try container.encode(fields)
    }
  }
}
