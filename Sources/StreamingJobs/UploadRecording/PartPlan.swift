/// How a file is split into parts: the same way in every attempt.
struct PartPlan: Sendable, Hashable {
  /// One part of a file.
  struct Part: Sendable, Hashable {
    /// 1 to 10,000.
    let number: Int
    /// Where it starts.
    let offset: Int64
    /// How long it is.
    let length: Int64
  }

  /// Files below this size are sent in one request.
  static let smallest: Int64 = 16 << 20

  /// S3 accepts no larger object in one request. A file that would be a single part is sent like this, too, because
  /// servers have different forms for the checksum of an object with one part.
  static let largestObjectInOne: Int64 = 5 << 30

  /// S3 accepts no more.
  private static let mostParts: Int64 = 10_000

  /// The maximum of some self-hosted servers: OpenStack Swift by default.
  private static let fewerParts: Int64 = 1_000

  /// The default size of parts in bytes: 16 MiB; on self-hosted servers more for files of 16 GB and more.
  static func usualSize(of size: Int64, ownServer: Bool) -> Int64 {
    guard ownServer else { return smallest }
    return max(smallest, roundedUp((size + fewerParts - 1) / fewerParts))
  }

  private static func roundedUp(_ size: Int64) -> Int64 {
    let mebibyte: Int64 = 1 << 20
    return (size + mebibyte - 1) / mebibyte * mebibyte
  }

  let parts: [Part]

  /// - Parameter partSize: in bytes; it is increased if the file would not fit into 10,000 parts.
  init(size: Int64, partSize: Int64) {
    let least = Self.roundedUp((size + Self.mostParts - 1) / Self.mostParts)
    let length = max(partSize, least, 1 << 20)
    parts = stride(from: 0, to: size, by: Int64.Stride(length)).enumerated().map { index, offset in
      Part(number: index + 1, offset: offset, length: min(length, size - offset))
    }
  }
}
