import Crypto
import FoundationEssentials
import Wire

/// The digests that S3 uses, in its notations.
enum Digests {
  /// SHA-256 of nothing, in hex.
  static let emptySHA256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

  static func sha256Hex(_ bytes: [UInt8]) -> String { Hex.text(SHA256.hash(data: bytes)) }

  /// The value of `Content-MD5`. MD5 is a transport checksum here, never a proof of origin.
  static func contentMD5(_ bytes: [UInt8]) -> String { Data(Insecure.MD5.hash(data: bytes)).base64EncodedString() }
}
