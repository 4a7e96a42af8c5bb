/// A JSON array that is bound to a statement for `json_each`, so that one statement handles many jobs.
struct JSONList {
  /// What a list holds.
  protocol Element {
    func write(to bytes: inout [UInt8])
  }

  private var bytes: [UInt8] = [UInt8(ascii: "[")]

  /// An empty list.
  init() {}

  /// A list with what `add` adds for each element.
  init<Source>(_ elements: [Source], _ add: (inout JSONList, Source) -> Void) {
    bytes.reserveCapacity(16 * elements.count)
    for element in elements { add(&self, element) }
  }

  var isEmpty: Bool { bytes.count == 1 }

  /// The array as text.
  var text: String { String(decoding: bytes, as: UTF8.self) + "]" }

  /// Adds a value.
  mutating func add(_ value: some Element) {
    separate()
    value.write(to: &bytes)
  }

  /// Adds a list of values.
  mutating func add<each Value: Element>(list values: repeat each Value) {
    separate()
    bytes.append(UInt8(ascii: "["))
    var isFirst = true
    for value in repeat each values {
      if !isFirst { bytes.append(UInt8(ascii: ",")) }
      isFirst = false
      value.write(to: &bytes)
    }
    bytes.append(UInt8(ascii: "]"))
  }

  private mutating func separate() {
    if !isEmpty { bytes.append(UInt8(ascii: ",")) }
  }
}

extension Int64: JSONList.Element {
  func write(to bytes: inout [UInt8]) {
    bytes.append(contentsOf: description.utf8)
  }
}

extension String: JSONList.Element {
  func write(to bytes: inout [UInt8]) {
    let quote = UInt8(ascii: "\"")
    let backslash = UInt8(ascii: "\\")
    bytes.append(quote)
    for byte in utf8 {
      switch byte {
      case quote, backslash:
        bytes.append(backslash)
        bytes.append(byte)
      case 0..<0x20:
        let digits = Array("0123456789abcdef".utf8)
        bytes.append(contentsOf: "\\u00".utf8)
        bytes.append(digits[Int(byte >> 4)])
        bytes.append(digits[Int(byte & 15)])
      default: bytes.append(byte)
      }
    }
    bytes.append(quote)
  }
}
