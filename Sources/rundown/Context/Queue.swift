import Glibc
import JobQueue
import SQLiteJobStore
import Settings

/// The queue file of a command.
enum Queue {
  /// Opens the file, does something with it, closes it.
  static func with<Result>(
    _ options: GlobalOptions, mustExist: Bool = true, _ body: (any JobStore) async throws -> Result
  ) async throws -> Result {
    try await with(try ProcessContext.settings(options), mustExist: mustExist, body)
  }

  /// Opens the file of the settings, does something with it, closes it. A file that is made is reported, so that nobody
  /// fills one that no worker reads without noticing.
  /// - Parameter report: is told of what should be mended while work goes on.
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

  /// Whether there is no queue yet: no file, or one that is empty.
  static func isMissing(_ settings: Settings) -> Bool {
    var status = stat()
    guard stat(settings.database.value, &status) == 0 else { return errno == ENOENT }
    return status.st_mode & S_IFMT == S_IFREG && status.st_size == 0
  }

  /// Those of some jobs that are in the queue.
  static func jobs(_ wanted: Set<JobID>, in settings: Settings) async throws -> [JobID] {
    try await looking(settings) { store in
      try await store.jobs(JobQuery(ids: Array(wanted), limit: wanted.count)).map(\.id)
    }
  }

  /// Makes the folder of the default place, private to its user. What goes wrong is told when the file is opened.
  private static func makeFolder(of path: String) {
    var folder = ""
    for name in path.split(separator: "/").dropLast() {
      folder += "/\(name)"
      mkdir(folder, 0o700)
    }
  }

  /// Opens a file, does something with it, closes it.
  /// - Parameters:
  ///   - group: the group that shares it; nil for the owner alone.
  ///   - report: is told of what should be mended while work goes on.
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

  /// Opens a file only to look at it: an older one stays as it is.
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
