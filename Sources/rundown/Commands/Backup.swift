import ArgumentParser
import JobQueue
import Presentation
import SQLiteJobStore
import Settings

/// `rundown backup`.
struct Backup: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Copy the queue into a new file while workers keep running.",
    discussion: """
      EXAMPLES:
        rundown backup /backup/rundown-2026-12-05.db
        rundown backup "/backup/rundown-$(date +%F-%H%M).db" --json

      The copy is a single file of mode 0600: a consistent snapshot, which is checked
      and on disk before it appears under its name. Do not use cp on a queue file in
      use: the copy would lack the newest jobs.
      """)

  @Argument(help: "The new file; it must not exist yet.", completion: .file())
  var file: String

  @OptionGroup var options: GlobalOptions

  private struct View: Encodable {
    var path: String
    var bytes: Int64
    var jobs: Int
  }

  func run() async throws {
    try ProcessContext.requireFolder(for: file)
    let destination = ProcessContext.absolute(file)
    let settings = try ProcessContext.settings(options)
    let progress = ShareLine("copying")
    let backup = try await Queue.looking(settings) { store in
      try await store.backUp(to: destination) { progress.show($0) }
    }
    progress.end()
    if options.json {
      return try JSONOutput.print("backup", View(path: backup.path, bytes: backup.bytes, jobs: backup.jobs))
    }
    let jobs = "\(backup.jobs) \(backup.jobs == 1 ? "job" : "jobs")"
    try Output.line("\(backup.path): \(jobs), \(ByteText.of(backup.bytes)), checked")
  }
}
