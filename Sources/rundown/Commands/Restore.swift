import ArgumentParser
import Glibc
import JobQueue
import Presentation
import SQLiteJobStore
import Settings

/// `rundown restore`.
struct Restore: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Replace the queue file with a backup.",
    discussion: """
      EXAMPLES:
        rundown restore /backup/rundown-2026-12-05.db
        rundown restore /backup/rundown-2026-12-05.db --yes

      Stop every worker first. Jobs that were unfinished in the backup become held,
      because they may have run since. Look at them, then release them with jobs retry
      or cancel them. Budgets count as full for one window. The previous queue file is
      kept beside the new one.
      """)

  @Argument(help: "The backup.", completion: .file())
  var file: String

  @Flag(name: [.customShort("y"), .long], help: "Do not ask.")
  var yes = false

  @OptionGroup var options: GlobalOptions

  private struct View: Encodable {
    var path: String
    var jobs: Int
    var held: Int
    var former: String?
  }

  func run() async throws {
    try ProcessContext.requireFolder(for: file)
    let backup = ProcessContext.absolute(file)
    let settings = try ProcessContext.settings(options)
    let path = settings.database.value
    // No question about a file that cannot be restored anyway.
    try await SQLiteJobStore.requireBackup(at: backup)
    try confirm(path)
    let restored = try await SQLiteJobStore.restore(
      backup, to: path, group: settings.group, by: .caller(filter: "restored from \(backup)"), at: SystemClock().now())
    if options.json {
      return try JSONOutput.print(
        "restore",
        View(path: restored.path, jobs: restored.jobs, held: restored.held, former: restored.former))
    }
    let jobs = "\(restored.jobs) \(restored.jobs == 1 ? "job" : "jobs")"
    try Output.line("\(restored.path): \(jobs) restored, \(restored.held) of them held")
    if let former = restored.former { Output.sentence("the previous queue file is now \(former)") }
    if restored.held > 0 {
      Output.sentence(
        "next: rundown jobs list --state held, then rundown jobs retry or rundown jobs cancel; then start the workers")
    }
  }

  private func confirm(_ path: String) throws {
    guard !yes, access(path, F_OK) == 0 else { return }
    try Confirmation.ask(
      "replace \(path) (it is kept under another name)", orSay: "restore would replace \(path)")
  }
}
