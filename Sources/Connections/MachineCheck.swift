import Glibc
package import Settings

/// What `doctor` finds on this machine: the configuration's files, the disk, the clock, what uploads may read.
package struct MachineCheck {
  private let path: String
  private let uploadRoots: [String]
  private let files: Settings.Files
  private let absolute: (String) -> String

  /// Checks the machine with these settings.
  /// - Parameter absolute: makes a path absolute.
  package init(_ settings: Settings, absolute: @escaping (String) -> String) {
    self.absolute = absolute
    path = settings.database.value
    uploadRoots = settings.uploadRoots.value
    files = settings.files
  }

  /// The disk, the clock, and what uploads may read.
  package func findings() -> [CheckResult] { [disk(), clock(), uploads()] }

  /// Which files were read; where they were looked for if there are none.
  package func configuration() -> [CheckResult] {
    guard files.read.isEmpty else {
      let read = files.read.map(absolute).joined(separator: ", ")
      return [CheckResult(state: .good, subject: "configuration", words: "read \(read)")]
    }
    let places = files.lookedFor.map(absolute).joined(separator: ", ")
    return [
      CheckResult(
        state: .unwise, subject: "configuration", words: "no file found; looked for \(places)",
        fix: "rundown init writes one here; to use another one, set --config or RUNDOWN_CONFIG")
    ]
  }

  /// With less than a gibibyte or a twentieth free, a burst of jobs may fill the disk.
  private func disk() -> CheckResult {
    // The nearest folder that exists: the first enqueue may create the others.
    var directory = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    while !directory.isEmpty, access(directory, F_OK) != 0, errno == ENOENT, let slash = directory.lastIndex(of: "/") {
      directory = String(directory[..<slash])
    }
    if directory.isEmpty { directory = "/" }
    var space = statvfs()
    guard statvfs(directory, &space) == 0 else {
      return CheckResult(
        state: .bad, subject: "disk of \(directory)", words: String(cString: strerror(errno)),
        fix: "create the folder, or choose another with --database")
    }
    let free = UInt64(space.f_bavail) * UInt64(space.f_frsize)
    let total = max(1, UInt64(space.f_blocks) * UInt64(space.f_frsize))
    let words = "\(free >> 20) MiB free of \(total >> 20)"
    guard free < 1 << 30 || free * 20 < total else {
      return CheckResult(state: .good, subject: "disk of \(directory)", words: words)
    }
    return CheckResult(
      state: free < 64 << 20 ? .bad : .unwise, subject: "disk of \(directory)", words: words,
      fix: "free some space before the queue file runs out of it")
  }

  /// What a job may read and upload to a bucket.
  private func uploads() -> CheckResult {
    guard !uploadRoots.isEmpty else {
      return CheckResult(
        state: .good, subject: "uploads",
        words: "can read any file that the worker's user can read; uploads.roots would limit them")
    }
    for root in uploadRoots {
      var status = stat()
      guard stat(root, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
        return CheckResult(
          state: .bad, subject: "uploads", words: "\(root) in uploads.roots is not a folder that this user can read",
          fix: "create it, or remove it from uploads.roots")
      }
    }
    return CheckResult(state: .good, subject: "uploads", words: "can read only \(uploadRoots.joined(separator: ", "))")
  }

  /// Signatures need a clock that is right within minutes, some within seconds.
  private func clock() -> CheckResult {
    let marks = ["/run/systemd/timesync/synchronized", "/run/chrony/chronyd.pid", "/run/chronyd.pid", "/run/ntpd.pid"]
    guard marks.contains(where: { access($0, F_OK) == 0 }) else {
      return CheckResult(
        state: .unwise, subject: "clock", words: "no time service found on this machine",
        fix: "in a container, check the host; otherwise install and start chrony")
    }
    return CheckResult(state: .good, subject: "clock", words: "a time service is running")
  }
}
