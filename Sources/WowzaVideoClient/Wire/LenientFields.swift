/// Reads the fields of an object that may lack any of them, or write a number where a text is documented.
struct LenientFields {
  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  private let container: KeyedDecodingContainer<Key>

  init(_ decoder: any Decoder) throws {
    container = try decoder.container(keyedBy: Key.self)
  }

  /// A text, also when it came as a number.
  func text(_ name: String) -> String? {
    let key = Key(stringValue: name)
    if let text = try? container.decode(String.self, forKey: key) { return text }
    return (try? container.decode(Int64.self, forKey: key)).map(String.init)
  }

  /// A Boolean, also when it came as text.
  func flag(_ name: String) -> Bool? {
    let key = Key(stringValue: name)
    if let flag = try? container.decode(Bool.self, forKey: key) { return flag }
    return (try? container.decode(String.self, forKey: key)).flatMap(Bool.init)
  }

  /// A whole number, also when it came as text or with a fraction of zero.
  func whole(_ name: String) -> Int64? {
    let key = Key(stringValue: name)
    if let whole = try? container.decode(Int64.self, forKey: key) { return whole }
    if let number = try? container.decode(Double.self, forKey: key) { return Int64(exactly: number.rounded()) }
    return (try? container.decode(String.self, forKey: key)).flatMap(Int64.init)
  }

  /// Anything else.
  func value<Value: Decodable>(_ name: String, as type: Value.Type = Value.self) -> Value? {
    try? container.decode(Value.self, forKey: Key(stringValue: name))
  }
}
