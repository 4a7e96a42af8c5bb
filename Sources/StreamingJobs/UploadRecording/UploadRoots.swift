import Glibc
import JobQueue

/// The folders that uploads may read from.
struct UploadRoots: Sendable {
  /// Absolute; empty for whatever the worker's user may read.
  let folders: [String]

  /// Opens a file for inspection, never for reading. A link as the last component is not followed; if folders are set,
  /// no link and no `..` leads out of them.
  ///
  /// The path's folder is first resolved by the system, without links, and then entered again from its root, one
  /// component after the other and following nothing: exchanging a folder for a link in between has no effect.
  func open(_ path: String) -> Result<Int32, Refusal> {
    guard !folders.isEmpty else {
      let descriptor = Glibc.open(path, Self.look)
      return descriptor < 0 ? .failure(.missing(errno)) : .success(descriptor)
    }
    let slash = path.lastIndex(of: "/") ?? path.startIndex
    let name = String(path[slash...].drop { $0 == "/" })
    guard !name.isEmpty, name != ".", name != "..", let folder = Self.real(path[..<slash] + "/") else {
      return .failure(.missing(name.isEmpty || name == "." || name == ".." ? EISDIR : errno))
    }
    for root in folders {
      guard let root = Self.real(root) else { continue }
      let prefix = root == "/" ? "/" : root + "/"
      guard folder == root || folder.hasPrefix(prefix) else { continue }
      return Self.open(name, in: folder.dropFirst(prefix.count).split(separator: "/").map(String.init), of: root)
    }
    return .failure(.outside)
  }

  /// Why a file is not opened.
  enum Refusal: Error, Hashable {
    /// The system's error number.
    case missing(Int32)
    /// It is not in any of the folders.
    case outside
  }

  /// O_PATH, which glibc only offers to programs that ask for GNU extensions; the same on every machine that Swift runs
  /// on.
  private static let pathOnly: Int32 = 0o10000000
  private static let look = pathOnly | O_NOFOLLOW | O_CLOEXEC

  private static func open(_ name: String, in folders: [String], of root: String) -> Result<Int32, Refusal> {
    var folder = Glibc.open(root, look | O_DIRECTORY)
    for next in folders where folder >= 0 {
      let inner = openat(folder, next, look | O_DIRECTORY)
      // A folder that is a link now was not one a moment ago.
      let number = errno
      close(folder)
      guard inner >= 0 else { return .failure(number == ENOTDIR || number == ELOOP ? .outside : .missing(number)) }
      folder = inner
    }
    guard folder >= 0 else { return .failure(.missing(errno)) }
    defer { close(folder) }
    let file = openat(folder, name, look)
    return file < 0 ? .failure(.missing(errno)) : .success(file)
  }

  private static func real(_ path: some StringProtocol) -> String? {
    guard let found = realpath(String(path), nil) else { return nil }
    defer { free(found) }
    return String(validating: UnsafeBufferPointer(start: found, count: strlen(found)), as: UTF8.self)
  }
}
