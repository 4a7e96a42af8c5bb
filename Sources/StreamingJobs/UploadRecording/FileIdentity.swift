import AWSClient
import Dispatch
import Glibc
import HTTPTransport
import JobQueue

/// What distinguishes a file from every other, and from itself after a change.
struct FileIdentity: Codable, Hashable, Sendable {
  var device: UInt64
  var inode: UInt64
  var size: Int64
  /// Nanoseconds since 1970.
  var modified: Int64
  /// When the file or its metadata last changed, which nobody can set back; nanoseconds since 1970. A new name or other
  /// permissions change it, too, so it alone does not prove that the bytes changed. Nil in what earlier versions wrote.
  var changed: Int64?

  /// The file, whatever is written to it.
  var id: FileID { FileID(device: device, inode: inode) }

  /// The identity of a file as it is now. The system call can block on a network disk, so it runs elsewhere.
  /// - Throws: ``Verdict`` if there is no such file, if it is not a regular file or uploads may not read it, or if
  ///   there are no resources to open it now; ``FileDigestError`` if its disk does not respond properly.
  static func of(_ path: String, in roots: UploadRoots) async throws -> FileIdentity {
    let outcome = await withCheckedContinuation { continuation in
      DispatchQueue.global().async { continuation.resume(returning: look(path, roots)) }
    }
    switch outcome {
    case .success(let identity): return identity
    case .failure(let problem): throw problem.error
    }
  }

  /// How long a job waits if the worker has no resources to open its file.
  static let shortagePause: Duration = .seconds(10)

  private struct Problem: Error {
    let error: any Error

    init(failure: Failure) { error = Verdict.dead(failure) }

    /// The system's error for a file.
    init(_ path: String, _ number: Int32) {
      let words = String(cString: strerror(number))
      switch number {
      case _ where RegularFile.isShortage(number):
        error = Verdict.snooze(for: FileIdentity.shortagePause, why: "cannot open \(path): \(words)")
      case EIO, ESTALE, ETIMEDOUT, EINTR, EAGAIN, EBUSY, ENOTCONN, EHOSTDOWN, EHOSTUNREACH, ENETDOWN, ENETUNREACH:
        // The disk, often one on the network, is in trouble; whether the file exists is unknown.
        error = FileDigestError(path: path, cause: words)
      default:
        error = Verdict.dead(
          Failure(
            code: "no-file", message: "\(path): \(words)", hint: "the worker must be able to see the file at this path")
        )
      }
    }
  }

  private static func look(_ path: String, _ roots: UploadRoots) -> Result<FileIdentity, Problem> {
    let descriptor: Int32
    switch roots.open(path) {
    case .success(let opened): descriptor = opened
    case .failure(.outside):
      return .failure(
        Problem(
          failure: Failure(
            code: "outside-roots", message: "\(path) is outside the folders that uploads may read",
            hint:
              "they are listed in uploads.roots of the worker's configuration; links that lead out of them are not followed"
          )
        ))
    case .failure(.missing(let number)): return .failure(Problem(path, number))
    }
    defer { close(descriptor) }
    var status = stat()
    fstat(descriptor, &status)
    guard status.st_mode & S_IFMT != S_IFLNK else {
      return .failure(
        Problem(
          failure: Failure(
            code: "no-file", message: "\(path) is a symbolic link", hint: "use the path of the file it points to")))
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      return .failure(Problem(failure: Failure(code: "no-file", message: "\(path) is not a regular file")))
    }
    return .success(
      FileIdentity(
        device: UInt64(status.st_dev), inode: UInt64(status.st_ino), size: Int64(status.st_size),
        modified: nanoseconds(status.st_mtim), changed: nanoseconds(status.st_ctim)))
  }

  private static func nanoseconds(_ time: timespec) -> Int64 {
    Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }

  /// Whether both are the same file, judged by everything that a user can set back.
  func isSameFile(as other: FileIdentity) -> Bool {
    device == other.device && inode == other.inode && size == other.size && modified == other.modified
  }
}
