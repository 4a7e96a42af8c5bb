import ArgumentParser
import JobQueue
import JobQueueTestKit

/// `rundown-bench simulate`: the simulator's storm on the in-memory model, as fast as this machine can simulate.
struct SimulateBench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "simulate", abstract: "Tells stories of the simulator; a broken promise ends it with its seed.")

  @Option(help: "How many stories.") var seeds: UInt64 = 20_000
  @Option(help: "The first seed.") var firstSeed: UInt64 = 1
  @Option(help: "How many stories at once.") var stores = 4

  func run() async throws {
    let start = Stopwatch.now()
    let stores = (0..<stores).map { _ in InMemoryJobStore() }
    _ = try await Simulation.storm(firstSeed..<(firstSeed + seeds), on: stores)
    try Figure.show(Figure(count: Int(seeds), from: start, to: Stopwatch.now()))
  }
}
