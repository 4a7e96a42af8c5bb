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

  let parts: [Part]

  /// - Parameter partSize: in bytes; more when the file would not fit into 10,000 parts.
  init(size: Int64, partSize: Int64) {
    let mebibyte: Int64 = 1 << 20
    let least = (size + Self.mostParts - 1) / Self.mostParts
    let rounded = (least + mebibyte - 1) / mebibyte * mebibyte
    let length = max(partSize, rounded, mebibyte)
    parts = stride(from: 0, to: size, by: Int64.Stride(length)).enumerated().map { index, offset in
      Part(number: index + 1, offset: offset, length: min(length, size - offset))
    }
  }
}
