/// How a file is cut into parts: the same way at every attempt.
struct PartPlan: Sendable, Hashable {
  /// One part of a file.
  struct Part: Sendable, Hashable {
    /// 1 to 10,000.
    let number: Int
    /// Where it begins.
    let offset: Int64
    /// How long it is.
    let length: Int64
  }

  /// Files below this size go in one request.
  static let smallest: Int64 = 16 << 20

  /// S3 takes no larger object in one request. A file that makes one part goes so: servers tell the checksum of an
  /// object of one part in forms of their own.
  static let largestObjectInOne: Int64 = 5 << 30

  /// S3 takes no more.
  private static let mostParts: Int64 = 10_000

  /// What servers of one's own may take no more of: OpenStack Swift, unless it is told otherwise.
  private static let fewerParts: Int64 = 1_000

  /// The size of parts in bytes where a person gives none: 16 MiB, at a server of one's own more for files of 16 GB and
  /// more.
  static func usualSize(of size: Int64, ownServer: Bool) -> Int64 {
    guard ownServer else { return smallest }
    return max(smallest, roundedUp((size + fewerParts - 1) / fewerParts))
  }

  private static func roundedUp(_ size: Int64) -> Int64 {
    let mebibyte: Int64 = 1 << 20
    return (size + mebibyte - 1) / mebibyte * mebibyte
  }

  let parts: [Part]

  /// - Parameter partSize: in bytes; more when the file would not fit into 10,000 parts.
  init(size: Int64, partSize: Int64) {
    let least = Self.roundedUp((size + Self.mostParts - 1) / Self.mostParts)
    let length = max(partSize, least, 1 << 20)
    parts = stride(from: 0, to: size, by: Int64.Stride(length)).enumerated().map { index, offset in
      Part(number: index + 1, offset: offset, length: min(length, size - offset))
    }
  }
}
