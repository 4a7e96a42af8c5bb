import JobQueue

/// A job of queue `work` that does what the test says.
struct Work: JobParameters {
  static let kind = "work"
  static let queue = "work"
  var name = ""
}

/// A job of another queue.
struct Chore: JobParameters {
  static let kind = "chore"
  static let queue = "chores"
  var name = ""
}

/// A handler made of closures.
struct Doing<Parameters: JobParameters>: JobHandler {
  var body: @Sendable (Parameters, JobContext) async throws -> String
  var meaning: @Sendable (any Error) -> Verdict = { .retry(Failure(code: "error", message: "\($0)")) }

  func run(_ parameters: Parameters, context: JobContext) async throws -> String {
    try await body(parameters, context)
  }

  func classify(_ error: any Error) -> Verdict { meaning(error) }
}

/// An error that means nothing in particular.
struct Mishap: Error {}

/// Chance that always falls in the middle: a delay of half the backoff.
struct HalfWay: RandomSource {
  func next() -> UInt64 { 1 << 63 }
}

/// How many bodies are inside at once, by key, and how many at most.
actor Tally {
  private(set) var inside: [String: Int] = [:]
  private(set) var most: [String: Int] = [:]

  func enter(_ key: String) {
    inside[key, default: 0] += 1
    most[key] = max(most[key] ?? 0, inside[key] ?? 0)
  }

  func leave(_ key: String) {
    inside[key, default: 0] -= 1
  }
}
