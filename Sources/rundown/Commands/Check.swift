import ArgumentParser
import JobQueue
import Presentation
import SQLiteJobStore
import Settings

/// `rundown check`.
struct Check: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Check the whole queue file, or a backup, for damage.",
    discussion: """
      EXAMPLES:
        rundown check
        rundown check /backup/rundown-2026-12-05.db

      Reads every page while workers keep running. Exits with 12 if anything is wrong.
      """)

  @Argument(help: "The file (default: the queue file).", completion: .file())
  var file: String?

  @OptionGroup var options: GlobalOptions

  private struct View: Encodable {
    var path: String
    var problems: [String]
  }

  func run() async throws {
    if let file { try ProcessContext.requireFolder(for: file) }
    let settings = try ProcessContext.settings(options)
    let path = file.map { ProcessContext.absolute($0) } ?? settings.database.value
    let problems: [String]
    do {
      problems = try await SQLiteJobStore.problems(ofFileAt: path, group: settings.group)
    } catch var error as JobStoreError where error.code == .noSuchStore && file != nil {
      error.hint = "check the path"
      throw error
    }
    if options.json {
      try JSONOutput.print("check", View(path: path, problems: problems))
    } else {
      for problem in problems { try Output.line(problem) }
    }
    guard problems.isEmpty else {
      throw CommandError(
        status: .store, code: JobStoreError.Code.corrupt.rawValue,
        message: "\(path) is damaged: \(problems.count) \(problems.count == 1 ? "finding" : "findings")",
        help: "stop every worker, keep a copy of the file with its -wal and -shm, then restore a backup")
    }
    if !options.json { try Output.line("\(path): no damage found") }
  }
}
