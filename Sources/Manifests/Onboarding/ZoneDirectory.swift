package import JobQueue
import Settings
import Threading
import Wire

/// The time zones that a manifest uses, each read once.
package final class ZoneDirectory: Sendable {
  private let read: @Sendable (String) throws -> [UInt8]
  private let names: @Sendable () -> [String]
  private let known = MutexBox<[String: Result<TimeZoneRules, FieldProblem>]>([:])

  /// Creates a directory.
  /// - Parameters:
  ///   - names: the names of all zones, for suggestions.
  ///   - read: the bytes of a zone's file.
  package init(
    names: @escaping @Sendable () -> [String],
    read: @escaping @Sendable (String) throws -> [UInt8]
  ) {
    self.names = names
    self.read = read
  }

  /// The zones of this system.
  package static func system() -> ZoneDirectory {
    ZoneDirectory(names: { ZoneFile.names() }) { try ZoneFile.read($0, limit: TimeZoneRules.maximumBytes) }
  }

  /// The rules of a zone.
  /// - Throws: an error in its name, as a sentence.
  package func rules(of name: String) throws(FieldProblem) -> TimeZoneRules {
    if let found = known.withLock({ $0[name] }) { return try found.get() }
    let result: Result<TimeZoneRules, FieldProblem>
    do throws(FieldProblem) {
      result = .success(try load(name))
    } catch {
      result = .failure(error)
    }
    known.withLock { $0[name] = result }
    return try result.get()
  }

  private func load(_ name: String) throws(FieldProblem) -> TimeZoneRules {
    let bytes: [UInt8]
    do {
      bytes = try read(name)
    } catch ZoneFile.Failure.noName, ZoneFile.Failure.unknown {
      let near = Suggestion.nearest(to: name, among: names())
      throw FieldProblem(
        "unknown time zone '\(name)'", help: near.map { "did you mean \"\($0)\"?" } ?? "such as Europe/Berlin")
    } catch ZoneFile.Failure.noZones {
      throw FieldProblem("this system has no time zone data", help: "install it (Debian: apt install tzdata)")
    } catch {
      throw FieldProblem("cannot read the time zone '\(name)': \(error)")
    }
    do throws(TimeZoneFileError) {
      return try TimeZoneRules(tzif: bytes)
    } catch {
      throw FieldProblem("cannot use the file of the time zone '\(name)': \(error.cause)")
    }
  }
}
