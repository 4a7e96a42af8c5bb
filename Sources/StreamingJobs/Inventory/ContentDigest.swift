import Crypto
import Wire

/// Digests for detecting changes.
package enum ContentDigest {
  /// `sha256:` and the hash in hexadecimal digits.
  /// - Parameter bytes: what is digested.
  package static func of(_ bytes: some Sequence<UInt8>) -> String {
    "sha256:" + Hex.text(SHA256.hash(data: Array(bytes)))
  }
}
