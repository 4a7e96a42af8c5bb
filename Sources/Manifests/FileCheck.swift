import Glibc
package import Settings

/// Warns of files that jobs are to upload and that are not there: better said now than by a dead job in the night.
///
/// It is not an error: the file may come later, or lie on the machine of the worker only.
package enum FileCheck {
  /// A warning for each file that could not be uploaded from here now.
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
