import ArgumentParser
import JobQueue
import SQLiteJobStore

/// `rundown-bench scale`: the cost of single operations on an existing file.
struct ScaleBench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "scale", abstract: "Times single verbs; prints the median of each in milliseconds.")

  @Option(help: "The queue file.") var database: String
  @Option(help: "How often each verb is done.") var rounds = 200

  func run() async throws {
    let store = try await SQLiteJobStore.open(at: database)
    var medians: [String: Double] = [:]
    medians["enqueue"] = try await median { number in
      _ = try await store.enqueue([try NoOp(number: number).newJob()], at: SystemClock().now())
    }
    let owner = WorkerID("scale")
    let one = LeaseRequest(owner: owner, limits: [.init(queue: NoOp.queue, count: 1)])
    var held: [Lease] = []
    medians["lease"] = try await median { _ in
      held += try await store.lease(one, at: SystemClock().now()).map(\.lease)
    }
    let ends = held.map { Completion(lease: $0, outcome: .handBack(why: "measured")) }
    _ = try await store.complete(ends, at: SystemClock().now())
    medians["status"] = try await median { _ in _ = try await store.status() }
    for (name, query) in try await queries(store) {
      medians["list, \(name)"] = try await median { _ in _ = try await store.jobs(query) }
    }
    try Figure.show(medians)
    await store.close()
  }

  private func queries(_ store: SQLiteJobStore) async throws -> [(String, JobQuery)] {
    let newest = try await store.jobs(JobQuery(limit: 1)).first
    return [
      ("newest 100", JobQuery()),
      ("ready", JobQuery(states: [.ready])),
      ("completed", JobQuery(states: [.completed])),
      ("dead", JobQuery(states: [.dead])),
      ("kind", JobQuery(kinds: [NoOp.kind])),
      ("queue", JobQuery(queues: [NoOp.queue])),
      ("failure code", JobQuery(failureCode: "connection-refused")),
      ("created since", JobQuery(createdSince: newest?.createdAt)),
      ("last page", JobQuery(before: JobID(101))),
    ]
  }

  private func median(_ verb: (Int) async throws -> Void) async throws -> Double {
    var times: [Int64] = []
    for round in 0..<rounds {
      let start = Stopwatch.now()
      try await verb(round)
      times.append(Stopwatch.now() - start)
    }
    return Double(times.sorted()[times.count / 2]) / 1e6
  }
}
