import Glibc

/// Has the disk take the names of files that were made: a file whose folder was not synced may be gone after a power
/// loss, with all that was synced in it. SQLite syncs the folder too when it first syncs a log, and does not say when that
/// fails.
enum FolderSync {
  /// - Returns: 0, or -1 and errno.
  static func sync(_ folder: String) -> Int32 {
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return -1 }
    defer { close(descriptor) }
    // File systems that cannot do that for a folder keep names by themselves.
    return fsync(descriptor) == 0 || errno == EINVAL ? 0 : -1
  }
}
