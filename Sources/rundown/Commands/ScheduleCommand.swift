import ArgumentParser
import JobQueue
import Presentation
import Settings

/// `rundown schedule`.
struct ScheduleCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schedule", abstract: "Run jobs at planned times, and see what became of each.",
    discussion: """
      EXAMPLES:
        rundown schedule list
        rundown schedule next final -n 5
        rundown schedule pause evening --reason "studio under repair"

      A running worker plans the jobs of the next hour; each planned time ends as
      done, late, failed, skipped or missed, with its reason.
      """,
    subcommands: [
      ScheduleAdd.self, ScheduleList.self, ScheduleShow.self, ScheduleNext.self, SchedulePause.self,
      ScheduleResume.self, ScheduleTrigger.self, ScheduleSkip.self, ScheduleRemove.self,
    ], defaultSubcommand: ScheduleList.self)
}

extension ScheduleBook {
  /// The schedule that the user named.
  func named(_ name: String) async throws -> Schedule {
    let all = try await schedules().filter { $0.removedAt == nil }
    if let found = all.first(where: { $0.name == name }) { return found }
    let near = Suggestion.nearest(to: name, among: all.map(\.name))
    throw CommandError(
      status: .notFound, code: "no-such-schedule", message: "there is no schedule '\(name)'",
      help: near.map { "did you mean \($0)?" } ?? "rundown schedule list shows them")
  }
}

extension Schedule {
  /// The event that the user means: the only one, or the one with this name.
  func meant(_ name: String?) throws -> ScheduledEvent {
    if let name, let found = event(name) { return found }
    let names = events.map(\.name).joined(separator: ", ")
    if let name {
      throw CommandError(
        status: .notFound, code: "no-such-event", message: "schedule \(self.name) has no event '\(name)'",
        help: "its events: \(names)")
    }
    guard events.count == 1, let only = events.first else {
      throw CommandError.input(
        "RD0445", "schedule \(self.name) has \(events.count) events", flag: "--event", help: "name one of: \(names)")
    }
    return only
  }
}
