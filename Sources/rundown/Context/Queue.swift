import Glibc
import JobQueue
import SQLiteJobStore
import Settings

/// The queue file of a command.
enum Queue {
  /// Opens the file, runs `body`, closes it.
  static func with<Result>(
    _ options: GlobalOptions, mustExist: Bool = true, _ body: (any JobStore) async throws -> Result
  ) async throws -> Result {
    try await with(try ProcessContext.settings(options), mustExist: mustExist, body)
  }

  /// Opens the file from the settings, runs `body`, closes it. The creation of a file is reported, so that nobody fills
  /// one that no worker reads without noticing.
  /// - Parameter report: called with whatever should be fixed while work goes on.
  static func with<Result>(
    _ settings: Settings, mustExist: Bool, report: @escaping @Sendable (JobStoreError) -> Void = { _ in },
    _ body: (any JobStore) async throws -> Result
  ) async throws -> Result {
    let path = settings.database.value
    let isNew = !mustExist && access(path, F_OK) != 0 && errno == ENOENT
    if isNew, settings.database.origin == .builtIn { makeFolder(of: path) }
    return try await with(path: path, group: settings.group, mustExist: mustExist, report: report) { store in
      if isNew { Output.sentence("new queue file: \(path)") }
      return try await body(store)
    }
  }

  /// Whether there is no queue yet: no file, or an empty one.
  static func isMissing(_ settings: Settings) -> Bool {
    var status = stat()
    guard stat(settings.database.value, &status) == 0 else { return errno == ENOENT }
    return status.st_mode & S_IFMT == S_IFREG && status.st_size == 0
  }

  /// Which of some jobs are in the queue.
  static func jobs(_ wanted: Set<JobID>, in settings: Settings) async throws -> [JobID] {
    try await looking(settings) { store in
      try await store.jobs(JobQuery(ids: Array(wanted), limit: wanted.count)).map(\.id)
    }
  }

  /// Creates the folder of the default path, private to its user. If that fails, opening the file reports it.
  private static func makeFolder(of path: String) {
    var folder = ""
    for name in path.split(separator: "/").dropLast() {
      folder += "/\(name)"
      mkdir(folder, 0o700)
    }
  }

  /// Opens a file, runs `body`, closes it.
  /// - Parameters:
  ///   - group: the group that shares it; nil for the owner alone.
  ///   - report: called with whatever should be fixed while work goes on.
  static func with<Result>(
    path: String, group: String?, mustExist: Bool, report: @escaping @Sendable (JobStoreError) -> Void = { _ in },
    _ body: (any JobStore) async throws -> Result
  ) async throws -> Result {
    var storeOptions = SQLiteJobStore.Options()
    storeOptions.mustExist = mustExist
    storeOptions.group = group
    storeOptions.report = report
    return try await SQLiteJobStore.using(path, storeOptions) { try await body($0) }
  }

  /// Opens a file only for reading: an older one is not upgraded.
  static func looking<Result>(
    _ settings: Settings, _ body: (SQLiteJobStore) async throws -> Result
  ) async throws -> Result {
    var storeOptions = SQLiteJobStore.Options()
    storeOptions.readOnly = true
    storeOptions.mayBeOlder = true
    storeOptions.group = settings.group
    return try await SQLiteJobStore.using(settings.database.value, storeOptions, body)
  }
}

extension Settings {
  /// The group that shares the queue file; nil for its owner alone.
  var group: String? { storeGroup.value.isEmpty ? nil : storeGroup.value }
}
