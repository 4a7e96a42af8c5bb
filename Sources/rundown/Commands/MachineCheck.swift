import Connections
import Glibc
import JobQueue
import SQLiteJobStore
import Settings

/// The queue file, its disk, the clock.
struct MachineCheck {
  private let path: String
  private let uploadRoots: [String]

  init(_ settings: Settings) {
    path = settings.database.value
    uploadRoots = settings.uploadRoots.value
  }

  func findings() async -> [CheckResult] {
    [await queueFile(), disk(), clock(), uploads()]
  }

  private func queueFile() async -> CheckResult {
    guard access(path, F_OK) == 0 else {
      return CheckResult(
        state: .good, subject: "queue file \(path)", words: "does not exist yet; the first enqueue creates it")
    }
    do {
      let status = try await Queue.with(path: path, mustExist: true) { try await $0.status() }
      let unfinished = JobState.unfinished.reduce(0) { $0 + status.count($1) }
      return CheckResult(
        state: .good, subject: "queue file \(path)", words: "opens; \(unfinished) unfinished jobs, private to its owner"
      )
    } catch let error as JobStoreError {
      return CheckResult(state: .bad, subject: "queue file \(path)", words: error.cause, fix: error.hint)
    } catch {
      return CheckResult(state: .bad, subject: "queue file \(path)", words: "\(error)")
    }
  }

  /// Below a gibibyte or a twentieth a burst of jobs may fill it.
  private func disk() -> CheckResult {
    let directory = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
    var space = statvfs()
    guard statvfs(directory, &space) == 0 else {
      return CheckResult(
        state: .bad, subject: "disk of \(directory)", words: String(cString: strerror(errno)),
        fix: "create the directory, or name another with --database")
    }
    let free = UInt64(space.f_bavail) * UInt64(space.f_frsize)
    let total = max(1, UInt64(space.f_blocks) * UInt64(space.f_frsize))
    let words = "\(free >> 20) MiB free of \(total >> 20)"
    guard free < 1 << 30 || free * 20 < total else {
      return CheckResult(state: .good, subject: "disk of \(directory)", words: words)
    }
    return CheckResult(
      state: free < 64 << 20 ? .bad : .unwise, subject: "disk of \(directory)", words: words,
      fix: "make room before the queue file cannot grow")
  }

  /// What a job may read and bring to a bucket.
  private func uploads() -> CheckResult {
    guard !uploadRoots.isEmpty else {
      return CheckResult(
        state: .good, subject: "uploads",
        words: "may read any file of the worker's user; uploads.roots would limit them")
    }
    for root in uploadRoots {
      var status = stat()
      guard stat(root, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
        return CheckResult(
          state: .bad, subject: "uploads", words: "\(root) of uploads.roots is no folder that this user can see",
          fix: "create it, or take it out of uploads.roots")
      }
    }
    return CheckResult(state: .good, subject: "uploads", words: "may read \(uploadRoots.joined(separator: ", ")) only")
  }

  /// Signatures need a clock that is right within minutes, some within seconds.
  private func clock() -> CheckResult {
    let marks = ["/run/systemd/timesync/synchronized", "/run/chrony/chronyd.pid", "/run/chronyd.pid", "/run/ntpd.pid"]
    guard marks.contains(where: { access($0, F_OK) == 0 }) else {
      return CheckResult(
        state: .unwise, subject: "clock", words: "no time service is seen on this machine",
        fix: "in a container look at the host; else install and start chrony")
    }
    return CheckResult(state: .good, subject: "clock", words: "a time service runs")
  }
}
