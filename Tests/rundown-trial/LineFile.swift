import Glibc

/// A file to which processes add lines, each whole and behind all others. A process that is killed leaves what it wrote.
struct LineFile: Sendable {
  static let standardError = LineFile(file: STDERR_FILENO)

  private let file: Int32

  private init(file: Int32) { self.file = file }

  /// The file stays open as long as the process lives.
  init(path: String) throws {
    file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw TrialArguments.Wrong(description: "\(path) cannot be opened") }
  }

  func add(_ line: String) throws {
    let bytes = Array((line + "\n").utf8)
    guard write(file, bytes, bytes.count) == bytes.count else {
      throw TrialArguments.Wrong(description: "a line could not be written: \(String(cString: strerror(errno)))")
    }
  }
}
