import Crypto
import Wire

/// The entity tag of an object if it consists of MD5: that of its bytes, or that of its parts' MD5s and their number.
/// Every server that was tried forms it so, including AWS; here MD5 detects damage, it proves no origin.
public struct S3EntityTag: Sendable, Hashable {
  /// 32 digits in lower case.
  public let hex: String
  /// Nil for an object that was stored in one request.
  public let parts: Int?

  /// Reads a tag, with or without quotes; nil if it is not an MD5.
  public init?(_ text: String?) {
    guard var rest = text?[...] else { return nil }
    // A proxy that compresses marks the tag as weak.
    if rest.hasPrefix("W/") { rest = rest.dropFirst(2) }
    if rest.hasPrefix("\""), rest.hasSuffix("\""), rest.utf8.count >= 2 { rest = rest.dropFirst().dropLast() }
    let pieces = rest.split(separator: "-", omittingEmptySubsequences: false)
    guard let digits = pieces.first, digits.utf8.count == 32, digits.allSatisfy({ $0.isASCII && $0.isHexDigit }),
      pieces.count < 3
    else { return nil }
    hex = digits.lowercased()
    guard pieces.count == 2 else {
      parts = nil
      return
    }
    guard let count = Int(pieces[1]), count > 0 else { return nil }
    parts = count
  }

  /// The tag of bytes with this MD5, stored in one request.
  public init(md5: [UInt8]) {
    hex = Hex.text(md5)
    parts = nil
  }

  /// The tag of parts with these MD5s as Garage forms it, which treats them as texts.
  public init(partMD5Texts: [[UInt8]]) {
    hex = Hex.text(Insecure.MD5.hash(data: partMD5Texts.flatMap { Array(Hex.text($0).utf8) }))
    parts = partMD5Texts.count
  }

  /// The tag of parts with these MD5s.
  public init(partMD5s: [[UInt8]]) {
    hex = Hex.text(Insecure.MD5.hash(data: partMD5s.flatMap { $0 }))
    parts = partMD5s.count
  }
}
