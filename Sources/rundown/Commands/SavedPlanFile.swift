import Glibc
import Manifests
import Settings
import Wire

/// The file of a saved plan.
enum SavedPlanFile {
  /// The maximum size, enough for the plan of the largest manifest.
  private static let limit = 256 << 20

  /// The saved plan at a path; nil if the file is something else or does not exist.
  static func read(_ path: String) throws -> SavedPlan? {
    guard let begin = try? SmallFile.read(path, limit: SavedPlan.mark.utf8.count).bytes,
      SavedPlan.isBegun(by: begin)
    else { return nil }
    guard let text = try TextFile.read(path, limit: limit) else { return nil }
    return try SavedPlan(reading: text, file: path)
  }

  /// Writes a plan into a file that only its owner may read, because it contains everything that a manifest describes.
  /// It is written under another name first, so that a file of this name is always complete.
  static func write(_ plan: SavedPlan, to path: String) throws {
    let text = try plan.text()
    if let there = try? SmallFile.read(path, limit: SavedPlan.mark.utf8.count).bytes, !there.isEmpty,
      !SavedPlan.isBegun(by: there)
    {
      throw CommandError.input(
        "RD0303", "\(path) exists and is not a saved plan", flag: "--out", help: "name another file")
    }
    let beside = "\(path).new-\(getpid())"
    let descriptor = open(beside, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw failure(path, errno) }
    fchmod(descriptor, 0o600)
    let written = put(Array(text.utf8), to: descriptor)
    close(descriptor)
    guard let problem = written ?? (rename(beside, path) == 0 ? nil : errno) else { return }
    unlink(beside)
    throw failure(path, problem)
  }

  /// Writes all of it; the error's number when that fails.
  private static func put(_ bytes: [UInt8], to descriptor: Int32) -> Int32? {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { return errno }
      rest = rest.dropFirst(count)
    }
    return fsync(descriptor) == 0 ? nil : errno
  }

  private static func failure(_ path: String, _ number: Int32) -> CommandError {
    CommandError(
      status: .failed, code: "output", message: "\(path) cannot be written: \(String(cString: strerror(number)))",
      flag: "--out", help: "check that its folder exists and that this user may write to it")
  }
}
