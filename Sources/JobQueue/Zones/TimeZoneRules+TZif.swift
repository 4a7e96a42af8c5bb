/// Why bytes are not a valid zone file.
package struct TimeZoneFileError: Error, Sendable, Hashable {
  /// The reason, as one phrase.
  package var cause: String
}

extension TimeZoneRules {
  /// The maximum size of a file to read: zone files have a few kilobytes.
  package static let maximumBytes = 256 * 1024

  /// Reads a TZif file of any version from 1 to 4 (RFC 9636). Files that count leap seconds are refused: their times
  /// are not those of the system's clock.
  /// - Throws: ``TimeZoneFileError`` for anything incomplete or invalid.
  package init(tzif bytes: [UInt8]) throws(TimeZoneFileError) {
    guard bytes.count <= Self.maximumBytes else {
      throw TimeZoneFileError(cause: "it is larger than \(Self.maximumBytes >> 10) KiB")
    }
    var reader = TZifReader(bytes)
    let first = try reader.header()
    guard first.version >= 2 else {
      self = try reader.body(first, timeBytes: 4, footer: false)
      return
    }
    // The first block is for readers of version 1; the block after it is the one to use.
    try reader.skip(first.bytes(timeBytes: 4))
    self = try reader.body(try reader.header(), timeBytes: 8, footer: true)
  }
}

extension TimeZoneRules {
  /// Reads through the bytes of a TZif file.
  fileprivate struct TZifReader {
    struct Header {
      var version: Int
      var universalIndicators: Int
      var standardIndicators: Int
      var leapSeconds: Int
      var times: Int
      var types: Int
      var letters: Int

      /// The size of the block after the header.
      func bytes(timeBytes: Int) -> Int {
        times * (timeBytes + 1) + types * 6 + letters + leapSeconds * (timeBytes + 4) + standardIndicators
          + universalIndicators
      }
    }

    private let bytes: [UInt8]
    private var index = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func header() throws(TimeZoneFileError) -> Header {
      guard try take(4).elementsEqual("TZif".utf8) else { throw TimeZoneFileError(cause: "it is not a TZif file") }
      let version: Int
      switch try take(1).first {
      case 0: version = 1
      // Later versions only add what earlier readers may skip.
      case .some(let byte) where byte >= UInt8(ascii: "2"): version = Int(byte - UInt8(ascii: "0"))
      default: throw TimeZoneFileError(cause: "its version is unknown")
      }
      try skip(15)
      var counts: [Int] = []
      for _ in 0..<6 { counts.append(Int(try integer(4) & 0xFFFF_FFFF)) }
      let header = Header(
        version: version, universalIndicators: counts[0], standardIndicators: counts[1], leapSeconds: counts[2],
        times: counts[3], types: counts[4], letters: counts[5])
      guard (1...256).contains(header.types), header.letters > 0,
        [0, header.types].contains(header.universalIndicators), [0, header.types].contains(header.standardIndicators)
      else { throw TimeZoneFileError(cause: "its counts do not match") }
      return header
    }

    mutating func body(
      _ header: Header, timeBytes: Int, footer: Bool
    ) throws(TimeZoneFileError) -> TimeZoneRules {
      // Checked before memory is reserved.
      guard header.bytes(timeBytes: timeBytes) <= bytes.count - index else { throw Self.cut }
      guard header.leapSeconds == 0 else {
        throw TimeZoneFileError(cause: "it includes leap seconds, unlike the system clock")
      }
      var moments: [Int64] = []
      for _ in 0..<header.times {
        let moment = try integer(timeBytes)
        guard moments.last.map({ $0 < moment }) ?? true else {
          throw TimeZoneFileError(cause: "its transitions are not in order")
        }
        moments.append(moment)
      }
      let types = try take(header.times).map(Int.init)
      let offsets = try self.offsets(header)
      guard types.allSatisfy({ $0 < offsets.count }) else {
        throw TimeZoneFileError(cause: "it refers to a missing type")
      }
      try skip(header.letters + header.standardIndicators + header.universalIndicators)
      return TimeZoneRules(
        first: offsets[0], moments: moments, offsets: types.map { offsets[$0] }, rule: footer ? try rule() : nil)
    }

    private mutating func offsets(_ header: Header) throws(TimeZoneFileError) -> [Int64] {
      var offsets: [Int64] = []
      for _ in 0..<header.types {
        let offset = try integer(4)
        let (isDaylight, letter) = (try integer(1), try integer(1) & 0xFF)
        guard (-25 * 3600 + 1..<TimeZoneRules.furthest).contains(offset), (0...1).contains(isDaylight),
          letter < Int64(header.letters)
        else { throw TimeZoneFileError(cause: "one of its types is not valid") }
        offsets.append(offset)
      }
      return offsets
    }

    /// A rule between two line feeds; nil if there is nothing between them.
    private mutating func rule() throws(TimeZoneFileError) -> PosixZoneRule? {
      guard try take(1).first == 0x0A, let end = bytes[index...].firstIndex(of: 0x0A) else {
        throw TimeZoneFileError(cause: "its footer is missing")
      }
      let text = Array(bytes[index..<end])
      guard !text.isEmpty else { return nil }
      guard let rule = PosixZoneRule(text) else { throw TimeZoneFileError(cause: "its footer cannot be read") }
      return rule
    }

    private static let cut = TimeZoneFileError(cause: "it ends too early")

    mutating func skip(_ count: Int) throws(TimeZoneFileError) { _ = try take(count) }

    private mutating func take(_ count: Int) throws(TimeZoneFileError) -> ArraySlice<UInt8> {
      guard count <= bytes.count - index else { throw Self.cut }
      defer { index += count }
      return bytes[index..<index + count]
    }

    /// A signed big-endian number.
    private mutating func integer(_ count: Int) throws(TimeZoneFileError) -> Int64 {
      let slice = try take(count)
      let start: Int64 = slice.first.map { $0 & 0x80 != 0 } == true ? -1 : 0
      return slice.reduce(start) { $0 << 8 | Int64($1) }
    }
  }
}
