import ArgumentParser
import ProcessStart

/// The parts of a benchmark that run in separate processes; `scripts/bench` combines them.
@main
struct Bench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rundown-bench",
    abstract: "Measures one thing and prints one JSON object; scripts/bench runs it many times.",
    subcommands: [
      EnqueueBench.self, Seed.self, WorkBench.self, PickupBench.self, ScaleBench.self, PruneBench.self,
      SimulateBench.self,
    ])

  static func main() async { await main(StartArguments.readOrExit()) }
}
