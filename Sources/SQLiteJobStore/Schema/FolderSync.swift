import Glibc

/// Syncs the names of new files to the disk: a file whose folder was not synced may be gone after a power loss, with
/// all the content that was synced. SQLite also syncs the folder when it first syncs a log, but does not report a
/// failure.
enum FolderSync {
  /// - Returns: 0, or -1 and errno.
  static func sync(_ folder: String) -> Int32 {
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return -1 }
    defer { close(descriptor) }
    // File systems that cannot sync a folder preserve names by themselves.
    return fsync(descriptor) == 0 || errno == EINVAL ? 0 : -1
  }
}
