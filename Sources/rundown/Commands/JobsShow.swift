import ArgumentParser
import JobQueue
import Presentation

/// `rundown jobs show`.
struct JobsShow: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Tell the story of a job: what was asked, each attempt, what happens next and why.",
    discussion: "EXAMPLE:\n  rundown jobs show 12")

  @Argument(help: "The job's number.")
  var id: Int64

  @OptionGroup var options: GlobalOptions

  func run() async throws {
    let clock = SystemClock()
    let story = try await Queue.with(options) { try await JobStory.of(JobID(id), in: $0, now: clock.now()) }
    guard let story else {
      throw CommandError(
        status: .notFound, code: "no-such-job", message: "there is no job \(id)", help: "see: rundown jobs list")
    }
    if options.json { return try JSONOutput.print("story", JobStoryView(story, now: clock.now())) }
    try Output.painted(story.rendered(now: clock.now(), for: .output))
  }
}
