import Glibc

/// The files of the system's time zones.
package enum ZoneFile {
  /// Where they are.
  package static let folder = "/usr/share/zoneinfo"

  /// Why the file of a zone cannot be read.
  package enum Failure: Error, Sendable, Hashable {
    /// No zone can have this name.
    case noName
    /// There is no such zone on this system.
    case unknown
    /// The system has no zones at all.
    case noZones
    /// The system's error.
    case system(SystemError)
  }

  /// The bytes of a zone's file, at most one byte more than the limit. Blocks.
  /// - Parameters:
  ///   - name: such as `Europe/Berlin`. Never any other kind of path, and never the zone that this machine is set to.
  ///   - folder: where the files are.
  package static func read(
    _ name: String, limit: Int, folder: String = ZoneFile.folder
  ) throws(Failure) -> [UInt8] {
    guard isName(name) else { throw .noName }
    do throws(SystemError) {
      return try SmallFile.read("\(folder)/\(name)", limit: limit).bytes
    } catch {
      switch error.number {
      // A folder of zones, such as Europe, is not a zone.
      case EISDIR, EINVAL: throw .unknown
      case ENOENT, ENOTDIR: throw access(folder, F_OK) == 0 ? .unknown : .noZones
      default: throw .system(error)
      }
    }
  }

  /// The names of the zones on this system, from its own list; empty if it has no list. Blocks.
  package static func names(folder: String = ZoneFile.folder) -> [String] {
    guard let list = try? SmallFile.read("\(folder)/tzdata.zi", limit: 1 << 20) else { return [] }
    // Zones are `Z NAME …`, aliases of a zone `L ZONE NAME`.
    return list.bytes.split(separator: 0x0A).compactMap { line in
      let words = line.split(separator: 0x20)
      guard words.count >= 3 else { return nil }
      switch words[0].first {
      case UInt8(ascii: "Z") where words[0].count == 1: return String(decoding: words[1], as: UTF8.self)
      case UInt8(ascii: "L") where words[0].count == 1: return String(decoding: words[2], as: UTF8.self)
      default: return nil
      }
    }
  }

  private static func isName(_ name: String) -> Bool {
    guard (1...128).contains(name.utf8.count), name != "localtime" else { return false }
    return name.split(separator: "/", omittingEmptySubsequences: false).allSatisfy { part in
      guard let first = part.utf8.first, isLetter(first) else { return false }
      return part.utf8.allSatisfy { isLetter($0) || (0x30...0x39).contains($0) || "+-_".utf8.contains($0) }
    }
  }

  private static func isLetter(_ byte: UInt8) -> Bool { byte < 0x80 && (0x41...0x5A).contains(byte & 0xDF) }
}
