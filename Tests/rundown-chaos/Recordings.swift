import FoundationEssentials
import JobQueueTestKit

/// The files that are uploaded, named after their keys.
struct Recordings: Sendable {
  let folder: String

  /// Two parts: one of the usual 16 MiB and a rest.
  private static let largeSize = 20 << 20

  /// Makes the file of each upload; no two are alike.
  func make(_ things: some Sequence<Thing>, random: SeededRandom) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for thing in things where thing.kind == .upload {
      let size = thing.name.hasPrefix("large") ? Self.largeSize : 20_000 + random.below(900_000)
      var bytes = Data(capacity: size)
      while bytes.count < size { withUnsafeBytes(of: random.next()) { bytes.append(contentsOf: $0) } }
      try bytes.prefix(size).write(to: URL(filePath: "\(folder)/\(thing.name)"))
    }
  }
}
