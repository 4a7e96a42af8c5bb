import ArgumentParser
import JobQueue

/// `rundown jobs show`.
struct JobsShow: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Tell the story of a job: what was asked, each attempt, what happens next and why.",
    discussion: "EXAMPLE:\n  rundown jobs show 12")

  private struct View: Encodable {
    var job: JobView
    var attempts: [AttemptView]
    var parents: [Int64]
    var children: [Int64]
    var effects: [EffectRecord]
    var checkpoints: Int
    /// What it waits for beside its own moment, in a sentence.
    var wait: String?
  }

  @Argument(help: "The job's number.")
  var id: Int64

  @OptionGroup var options: GlobalOptions

  func run() async throws {
    let story = try await Queue.with(options) { store in
      guard let job = try await store.jobs(JobQuery(ids: [JobID(id)], limit: 1)).first else {
        throw CommandError(
          status: .notFound, code: "no-such-job", message: "there is no job \(id)", help: "see: rundown jobs list")
      }
      let relatives = try await store.relatives(of: job.id)
      return JobStory(
        job: job, attempts: try await store.attempts(of: job.id), journal: try await store.journal(of: job.id),
        parents: relatives.parents, children: relatives.children,
        wait: try await store.wait(of: job.id, at: SystemClock().now()))
    }
    guard options.json else {
      return try Output.painted(story.rendered(now: SystemClock().now(), for: .output))
    }
    try JSONOutput.print(
      "story",
      View(
        job: JobView(story.job), attempts: story.attempts.map { AttemptView($0) },
        parents: story.parents.map(\.rawValue), children: story.children.map(\.rawValue),
        effects: story.journal.effects.values.sorted { $0.name < $1.name },
        checkpoints: story.journal.checkpoints.count, wait: story.waiting(now: SystemClock().now())))
  }
}
