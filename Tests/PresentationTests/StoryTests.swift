import JobQueue
import Testing

@testable import Presentation

@Suite("The story of a job")
struct StoryTests {
  private func attempt(_ number: Int64, _ outcome: AttemptOutcome?, code: String? = nil, why: String? = nil) -> Attempt
  {
    Attempt(
      job: JobID(1), number: number, worker: WorkerID("w-\(number)"), startedAt: Screens.ago(1000 - Int(number) * 10),
      endedAt: outcome == nil ? nil : Screens.ago(995 - Int(number) * 10), outcome: outcome,
      failure: code.map { Failure(code: $0, message: "connect to 10.0.0.1:\(8000 + number): refused") }, why: why)
  }

  private func story(_ job: Job, _ attempts: [Attempt], _ effects: [EffectRecord] = []) -> JobReport {
    JobReport(
      job: job, attempts: attempts,
      journal: Journal(effects: Dictionary(uniqueKeysWithValues: effects.map { ($0.name, $0) })), parents: [],
      children: [], wait: nil)
  }

  private func rendered(_ story: JobReport, last: Int? = nil, columns: Int = 0) -> String {
    story.rendered(last: last, times: Screens.times, for: Screens.terminal(columns))
  }

  @Test("the newest attempt comes first, consecutive attempts that ended alike are shown once, and --last shows fewer")
  func folded() {
    let attempts =
      (1...7).map { attempt($0, .failed, code: "connect", why: "again in \($0) s") }
      + [attempt(8, .lost), attempt(9, .failed, code: "connect", why: "again in 9 s"), attempt(10, nil)]
    let text = rendered(story(Screens.job(1, .running, "k", nil), attempts))
    let heads = text.split(separator: "\n").filter { $0.hasPrefix("attempt ") }.map { $0.split(separator: " ")[1] }
    #expect(heads == ["10", "9", "8", "7"])
    #expect(text.contains("  6 more like this, since 2026-11-28 01:43:30Z"), "\(text)")
    let short = rendered(story(Screens.job(1, .running, "k", nil), attempts), last: 2)
    #expect(short.contains("attempt 9") && !short.contains("attempt 8"))
    #expect(short.contains("8 earlier attempts"), "\(short)")
  }

  @Test("a found thing that differs is not called adopted; one that was compared and is as requested is")
  func adopted() {
    let effect = EffectRecord(
      name: "create", firstIntendedAt: Screens.ago(9), touchedAt: Screens.ago(9), intents: 0, result: "1",
      origin: .adopted)
    let differs = Failure(code: "differs", message: "map entry x exists but differs: bucket")
    let dead = rendered(story(Screens.job(1, .dead, "k", nil, failure: differs), [], [effect]))
    #expect(
      dead.contains("effect    create: found, but it differs from what was asked for") && !dead.contains("adopted"))
    let running = rendered(story(Screens.job(1, .running, "k", nil), [], [effect]))
    #expect(running.contains("effect    create: found\n"), "\(running)")
    let completed = rendered(story(Screens.job(1, .completed, "k", nil), [], [effect]))
    #expect(completed.contains("effect    create: found and adopted"))
  }

  @Test("parameters and result are shown field by field")
  func fields() {
    var job = Screens.job(1, .completed, "k", nil)
    job.payload = #"{"bucket":"example","tags":["a","b"],"replace":true,"options":{"x":1},"none":null}"#
    job.output = #"{"url":"https://example.com/a","size":7}"#
    let text = rendered(story(job, []))
    for line in [
      "  asked     bucket   example", "            options  {\"x\":1}", "            replace  true",
      "            tags     a, b", "  result    size  7", "            url   https://example.com/a",
    ] { #expect(text.contains(line), "\(line) in\n\(text)") }
    job.payload = "not JSON"
    #expect(rendered(story(job, [])).contains("  asked     not JSON"))
  }

  @Test("a story fits the width of the terminal", arguments: [40, 80])
  func width(columns: Int) {
    var job = Screens.job(1, .dead, "create-map-entry", "k", failure: Screens.denied, gate: "engine:fra1")
    job.payload =
      #"{"description":"\#(String(repeating: "many words ", count: 20))","key":"\#(String(repeating: "x", count: 200))"}"#
    var last = attempt(1, .dead)
    last.failure = Screens.denied
    last.notes = [Note(at: Screens.ago(990), text: String(repeating: "PUT http://127.0.0.1:9000/ ", count: 9))]
    let text = rendered(story(job, [last]), columns: columns)
    for line in text.split(separator: "\n") where !line.hasPrefix("attempt ") && !line.hasPrefix("  next run") {
      #expect(DisplayWidth.of(String(line)) <= columns, "\(line)")
    }
  }
}
