import JobQueue
import Settings
import Wire

/// What a manifest needs besides itself: the files that it refers to, and the zones of its times.
package struct ManifestSources: Sendable {
  /// The time zones.
  package var zones: ZoneDirectory
  private let read: @Sendable (String) throws -> [UInt8]?

  /// Access to files and zones.
  /// - Parameters:
  ///   - zones: the time zones.
  ///   - read: the bytes of a file that a manifest names, relative to its own folder; nil if it does not exist.
  package init(zones: ZoneDirectory, read: @escaping @Sendable (String) throws -> [UInt8]?) {
    self.zones = zones
    self.read = read
  }

  /// A sheet by the name given in the manifest.
  func sheet(_ file: String) -> Result<CSVTable, JobFileProblems> {
    do {
      guard let bytes = try read(file) else {
        return .failure(
          JobFileProblems(diagnostics: [
            Diagnostic(
              code: "RD0111", message: "no such file: \(file)", help: "the path is relative to the manifest's folder")
          ]))
      }
      return .success(try CSVTable(try SheetText(bytes, file: file)))
    } catch let problem as Diagnostic {
      return .failure(JobFileProblems(diagnostics: [problem]))
    } catch let problems as JobFileProblems {
      return .failure(problems)
    } catch {
      return .failure(
        JobFileProblems(diagnostics: [Diagnostic(code: "RD0111", message: "\(file) cannot be read: \(error)")]))
    }
  }
}
