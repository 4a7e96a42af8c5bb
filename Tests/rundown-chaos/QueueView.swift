import FoundationEssentials

/// The queue as the real command shows it.
struct QueueView: Sendable {
  let desk: Desk

  struct Job: Decodable, Sendable {
    struct Parameters: Decodable, Sendable {
      var engine: String?
      var entryName: String?
      var connection: String?
      var bucket: String?
      var assetID: String?
      var key: String?
    }

    var id: Int
    var kind: String
    var state: String
    var attempts: Int
    var failures: Int
    var crashes: Int
    var leaseOwner: String?
    var waitReason: String?
    var failure: Failure?
    var parameters: Parameters

    /// What the job asks for.
    var thing: Thing? {
      switch (kind, parameters.engine ?? parameters.connection) {
      case ("create-map-entry", let engine?): Thing(kind: .mapEntry, place: engine, name: parameters.entryName ?? "")
      case ("create-fastly-target", let account?):
        Thing(kind: .target, place: account, name: parameters.bucket ?? "")
      case ("restream-asset", let account?): Thing(kind: .liveStream, place: account, name: parameters.assetID ?? "")
      case ("upload-recording", _):
        Thing(kind: .upload, place: parameters.bucket ?? "", name: parameters.key ?? "")
      default: nil
      }
    }
  }

  struct Failure: Decodable, Sendable {
    var code: String
    var message: String
  }

  struct Attempt: Decodable, Sendable {
    var number: Int
    var outcome: String?
    var failure: Failure?
  }

  private struct Listing: Decodable { var jobs: [Job] }
  private struct Story: Decodable {
    struct Attempts: Decodable { var attempts: [Attempt] }
    var story: Attempts
  }
  private struct Status: Decodable {
    struct Queues: Decodable { var queues: [String: [String: Int]] }
    var status: Queues
  }

  /// How many jobs are in each state.
  func states() async throws -> [String: Int] {
    let status: Status = try await read("status", "--json")
    return status.status.queues.values.reduce(into: [:]) { all, queue in all.merge(queue, uniquingKeysWith: +) }
  }

  func jobs() async throws -> [Job] {
    let listing: Listing = try await read("jobs", "list", "--limit", "10000", "--json")
    return listing.jobs
  }

  /// The workers that run a job which one more crash would end: that is what is promised of it, and no loss.
  func workersToSpare() async throws -> Set<String> {
    let listing: Listing = try await read("jobs", "list", "--state", "running", "--limit", "10000", "--json")
    return Set(listing.jobs.filter { $0.crashes >= 2 }.compactMap(\.leaseOwner))
  }

  func attempts(of job: Int) async throws -> [Attempt] {
    let story: Story = try await read("jobs", "show", "\(job)", "--json")
    return story.story.attempts
  }

  private func read<Value: Decodable>(_ words: String...) async throws -> Value {
    try JSONDecoder().decode(Value.self, from: Data(try await desk.run(words).utf8))
  }
}
