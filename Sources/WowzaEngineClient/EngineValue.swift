import FoundationEssentials

/// A JSON value of the engine, kept whole so that keys we do not know survive a GET, change, PUT round trip.
///
/// A map entry may contain passwords in clear text, so no description of a value ever shows it.
public enum EngineValue: Sendable, Hashable {
  /// `null`.
  case null
  /// A Boolean.
  case bool(Bool)
  /// A number without fraction.
  case integer(Int64)
  /// A number with a fraction.
  case number(Double)
  /// A text.
  case string(String)
  /// A list.
  case array([EngineValue])
  /// An object.
  case object([String: EngineValue])

  /// The value of a key, if this is an object that has it.
  subscript(key: String) -> EngineValue? {
    if case .object(let fields) = self { fields[key] } else { nil }
  }

  /// Text, even if the engine wrote a number or Boolean where a text is documented.
  var text: String? {
    switch self {
    case .string(let value): value
    case .integer(let value): String(value)
    case .number(let value): String(value)
    case .bool(let value): String(value)
    case .null, .array, .object: nil
    }
  }

  /// A Boolean, even if it came as text: the engine's map file quotes every value.
  var flag: Bool? {
    switch self {
    case .bool(let value): value
    case .integer(0): false
    case .integer(1): true
    case .string(let value): Bool(value.lowercased())
    default: nil
    }
  }

  /// A whole number, even if it came as text.
  var whole: Int64? {
    switch self {
    case .integer(let value): value
    case .number(let value): Int64(exactly: value)
    case .string(let value): Int64(value)
    default: nil
    }
  }

  /// Keys and values, even if they came as the text of a JSON object.
  var fields: [String: EngineValue]? {
    switch self {
    case .object(let fields): fields
    case .string(let text): EngineValue.parse(Array(text.utf8))?.fields
    default: nil
    }
  }

  /// The elements of a list; empty for anything else.
  var elements: [EngineValue] {
    if case .array(let values) = self { values } else { [] }
  }
}

extension EngineValue: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// Always `<value>`: it may be a password.
  public var description: String { "<value>" }
  /// Always `<value>`.
  public var debugDescription: String { "<value>" }
  /// A mirror without children, so that `dump` shows nothing.
  public var customMirror: Mirror { Mirror(self, children: [:]) }
}

extension EngineValue: Codable {
  private struct Key: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  /// Decodes any JSON value.
  public init(from decoder: any Decoder) throws {
    if let fields = try? decoder.container(keyedBy: Key.self) {
      var object: [String: EngineValue] = [:]
      for key in fields.allKeys { object[key.stringValue] = try fields.decode(EngineValue.self, forKey: key) }
      self = .object(object)
      return
    }
    let value = try decoder.singleValueContainer()
    if value.decodeNil() {
      self = .null
    } else if let flag = try? value.decode(Bool.self) {
      self = .bool(flag)
    } else if let whole = try? value.decode(Int64.self) {
      self = .integer(whole)
    } else if let number = try? value.decode(Double.self) {
      self = .number(number)
    } else if let text = try? value.decode(String.self) {
      self = .string(text)
    } else {
      self = .array(try value.decode([EngineValue].self))
    }
  }

  /// Encodes the value unchanged.
  public func encode(to encoder: any Encoder) throws {
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

  /// The value of a JSON text; nil if it is not JSON.
  static func parse(_ bytes: [UInt8]) -> EngineValue? {
    try? JSONDecoder().decode(EngineValue.self, from: Data(bytes))
  }

  /// The JSON text, with sorted keys so that equal values give equal bytes.
  func bytes() throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return [UInt8](try encoder.encode(self))
  }
}
