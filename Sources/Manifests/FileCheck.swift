import Glibc
package import Settings

/// Warns about files to upload that do not exist: better now than by a dead job at night.
///
/// It is not an error: the file may be created later, or exist only on the worker's machine.
package enum FileCheck {
  /// A warning for each file that could not be uploaded from here right now.
  package static func warnings(_ uses: [FileUse]) -> [Diagnostic] {
    var seen: Set<String> = []
    return uses.compactMap { use in
      guard seen.insert(use.path).inserted, let trouble = trouble(with: use.path) else { return nil }
      return Diagnostic(
        code: "RD0214", severity: .warning, message: "\(use.field): \(use.path): \(trouble)", location: use.place,
        flag: use.place == nil ? "--\(use.field)" : nil,
        help: "correct the path, or put the file there before the job runs; the worker must be able to see it")
    }
  }

  private static func trouble(with path: String) -> String? {
    var status = stat()
    guard stat(path, &status) == 0 else { return String(cString: strerror(errno)) }
    guard status.st_mode & S_IFMT == S_IFREG else { return "not a regular file" }
    return access(path, R_OK) == 0 ? nil : String(cString: strerror(errno))
  }
}
