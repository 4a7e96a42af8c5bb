/// The rules for names of general purpose buckets.
public enum BucketName {
  /// Why this name is refused, or nil if it is valid. The rules are those of the S3 user guide.
  public static func problem(with name: String) -> String? {
    let bytes = Array(name.utf8)
    guard (3...63).contains(bytes.count) else {
      return "a bucket name has 3 to 63 characters; this one has \(bytes.count)"
    }
    guard bytes.allSatisfy({ isAlphanumeric($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-") }) else {
      return "a bucket name can contain only a-z, 0-9, '.' and '-'"
    }
    guard let first = bytes.first, let last = bytes.last, isAlphanumeric(first), isAlphanumeric(last) else {
      return "a bucket name must start and end with a letter or digit"
    }
    let labels = name.split(separator: ".", omittingEmptySubsequences: false)
    if labels.contains(where: \.isEmpty) { return "a bucket name cannot have two dots in a row" }
    if labels.count == 4, labels.allSatisfy({ UInt8($0) != nil }) { return "a bucket name cannot be an IP address" }
    if let prefix = ["xn--", "sthree-", "amzn-s3-demo-"].first(where: name.hasPrefix) {
      return "the prefix '\(prefix)' is reserved"
    }
    if let suffix = ["-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"].first(where: name.hasSuffix) {
      return "the suffix '\(suffix)' is reserved"
    }
    return nil
  }

  /// Why a bucket of this name cannot exist, or nil if it may: names that can no longer be created are still in use.
  /// Until March 2018 us-east-1 accepted capitals, underscores and up to 255 characters, and other servers still do.
  public static func problem(withExisting name: String) -> String? {
    let bytes = Array(name.utf8)
    guard (3...255).contains(bytes.count) else {
      return "a bucket name has 3 to 255 characters; this one has \(bytes.count)"
    }
    let allowed = bytes.allSatisfy { byte in
      isAlphanumeric(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) || "._-".utf8.contains(byte)
    }
    return allowed ? nil : "a bucket name can contain only A-Z, a-z, 0-9, '.', '_' and '-'"
  }

  /// Whether a name can be part of a host name; other buckets are addressed by path.
  static func fitsHost(_ name: String) -> Bool {
    name.utf8.count <= 63 && name.utf8.allSatisfy { isAlphanumeric($0) || ".-".utf8.contains($0) }
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }
}
