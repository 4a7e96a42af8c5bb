/// Bytes as pairs of hexadecimal digits.
package enum Hex {
  /// Two lower-case digits for each byte.
  package static func text(_ bytes: some Sequence<UInt8>) -> String {
    String(decoding: digits(bytes, of: lower), as: UTF8.self)
  }

  /// Two digits from an alphabet for each byte, as ASCII.
  package static func digits(_ bytes: some Sequence<UInt8>, of alphabet: [UInt8]) -> [UInt8] {
    bytes.flatMap { [alphabet[Int($0 >> 4)], alphabet[Int($0 & 15)]] }
  }

  /// `0` to `f`.
  package static let lower = Array("0123456789abcdef".utf8)
  /// `0` to `F`.
  package static let upper = Array("0123456789ABCDEF".utf8)
}
