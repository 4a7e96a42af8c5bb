import Dispatch
import Glibc
import JobQueue

/// What tells a file from every other, and from itself after a change.
struct FileIdentity: Codable, Hashable, Sendable {
  var device: UInt64
  var inode: UInt64
  var size: Int64
  /// Nanoseconds since 1970.
  var modified: Int64

  /// The identity of a file as it is now. The system call can block on a network disk, so it is made elsewhere.
  /// - Throws: ``JobSignal`` when there is no such file, or it is none.
  static func of(_ path: String) async throws -> FileIdentity {
    let outcome = await withCheckedContinuation { continuation in
      DispatchQueue.global().async { continuation.resume(returning: look(path)) }
    }
    switch outcome {
    case .success(let identity): return identity
    case .failure(let problem): throw JobSignal.dead(problem.failure)
    }
  }

  private struct Problem: Error {
    let failure: Failure
  }

  private static func look(_ path: String) -> Result<FileIdentity, Problem> {
    var status = stat()
    guard stat(path, &status) == 0 else {
      let words = String(cString: strerror(errno))
      return .failure(
        Problem(
          failure: Failure(
            code: "no-file", message: "\(path): \(words)", hint: "the worker must see the file at this path")))
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      return .failure(Problem(failure: Failure(code: "no-file", message: "\(path) is not a regular file")))
    }
    return .success(
      FileIdentity(
        device: UInt64(status.st_dev), inode: UInt64(status.st_ino), size: Int64(status.st_size),
        modified: Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec)))
  }
}
