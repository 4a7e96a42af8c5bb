import JobQueue
import SQLiteJobStore
import Settings

/// The queue file of a command.
enum Queue {
  /// Opens the file, does something with it, closes it.
  static func with<Result>(
    _ options: GlobalOptions, mustExist: Bool = true, _ body: (any JobStore) async throws -> Result
  ) async throws -> Result {
    let settings = try ProcessContext.settings(options)
    return try await with(path: settings.database.value, mustExist: mustExist, body)
  }

  /// Opens a file, does something with it, closes it.
  /// - Parameter report: is told of what should be mended while work goes on.
  static func with<Result>(
    path: String, mustExist: Bool, report: @escaping @Sendable (JobStoreError) -> Void = { _ in },
    _ body: (any JobStore) async throws -> Result
  ) async throws -> Result {
    var storeOptions = SQLiteJobStore.Options()
    storeOptions.mustExist = mustExist
    storeOptions.report = report
    let store = try await SQLiteJobStore.open(at: path, options: storeOptions)
    do {
      let result = try await body(store)
      await store.close()
      return result
    } catch {
      await store.close()
      throw error
    }
  }
}
