import Connections
import Glibc
import JobQueue
import JobWorker
import Presentation
import Settings

/// What `doctor` finds about the queue file: whether other commands could use it, and whether workers run what is in
/// it.
struct QueueFileCheck {
  /// The findings.
  struct Findings {
    var all: [CheckResult]
    /// How other commands would end because of the file; nil if nothing is wrong with it.
    var status: ExitStatus?
  }

  private let path: String
  private let group: String?
  private let isDefaultPlace: Bool

  init(_ settings: Settings) {
    path = settings.database.value
    group = settings.group
    isDefaultPlace = settings.database.origin == .builtIn
  }

  /// Opens the file as other commands do.
  func findings() async -> Findings {
    do {
      let status = try await Queue.with(path: path, group: group, mustExist: true) { try await $0.status() }
      let unfinished = JobState.unfinished.reduce(0) { $0 + status.count($1) }
      let jobs = unfinished == 1 ? "1 unfinished job" : "\(unfinished) unfinished jobs"
      let whose = group.map { "shared with the group \($0)" } ?? "private to its owner"
      return Findings(
        all: [finding(.good, "opens; \(jobs), \(whose)")] + folder() + workers(status, now: SystemClock().now()))
    } catch let error as JobStoreError where error.code == .noSuchStore {
      return missing(error)
    } catch {
      let known = CommandError(error)
      let own = error as? JobStoreError
      let page = "see: rundown explain \(known.diagnostics.first?.code ?? "unexpected")"
      return Findings(all: [finding(.bad, own?.cause ?? "\(error)", fix: own?.hint ?? page)], status: known.status)
    }
  }

  /// There is no file yet: the next enqueue creates one, unless something prevents that.
  private func missing(_ error: JobStoreError) -> Findings {
    guard access(path, F_OK) != 0 else {
      return Findings(
        all: [
          finding(
            .unwise, error.cause, fix: "check that this is the right file; the next enqueue turns it into a queue file")
        ])
    }
    var link = stat()
    if lstat(path, &link) == 0 {
      return Findings(
        all: [finding(.bad, "the symbolic link is broken", fix: "remove it, or create the file it points to")],
        status: .store)
    }
    let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    let place = folder.isEmpty ? "/" : folder
    if access(place, F_OK) != 0 {
      guard !isDefaultPlace else { return Findings(all: [finding(.good, Self.notYet)]) }
      return Findings(
        all: [finding(.bad, "its folder does not exist", fix: "mkdir -p \(place), or correct the path")], status: .store
      )
    }
    guard access(place, W_OK | X_OK) == 0 else {
      return Findings(
        all: [
          finding(
            .bad, "it does not exist, and its folder is not writable: \(String(cString: strerror(errno)))",
            fix: "let this user write to \(place), or set another path with database:")
        ], status: .store)
    }
    return Findings(all: [finding(.good, Self.notYet)])
  }

  /// Whether members of the group may create the -wal beside the file, which they must if nobody else has it open.
  private func folder() -> [CheckResult] {
    guard let group, let slash = path.lastIndex(of: "/") else { return [] }
    let place = slash == path.startIndex ? "/" : String(path[..<slash])
    var (folder, file) = (stat(), stat())
    guard stat(place, &folder) == 0, stat(path, &file) == 0 else { return [] }
    if folder.st_gid == file.st_gid && folder.st_mode & 0o070 == 0o070 || folder.st_mode & 0o007 == 0o007 { return [] }
    return [
      finding(
        .unwise, "its folder \(place) does not belong to the group: other members cannot use the file",
        fix: "chgrp \(group) \(place); chmod 2770 \(place)")
    ]
  }

  private static let notYet = "does not exist yet; the first enqueue creates it"

  private func finding(_ state: CheckResult.State, _ words: String, fix: String? = nil) -> CheckResult {
    CheckResult(state: state, subject: "queue file \(path)", words: words, fix: fix)
  }

  // MARK: Workers

  /// Whether a running worker serves each queue that has ready jobs.
  private func workers(_ status: QueueStatus, now: Timestamp) -> [CheckResult] {
    let liveness = WorkerLiveness()
    let report = WorkerReport(status) { liveness.lives($0, at: now) }
    guard !report.unserved.isEmpty else {
      let words = report.living.isEmpty ? "none is running, and no job is ready" : "\(report.living.count) running"
      return [CheckResult(state: .good, subject: "workers", words: words)]
    }
    return report.unserved.map {
      CheckResult(state: .unwise, subject: "workers", words: $0.sentence, fix: report.start($0))
    }
  }
}
