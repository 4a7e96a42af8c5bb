import ArgumentParser
import ProcessStart

/// The parts of a benchmark that run in processes of their own; `scripts/bench` puts them together.
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
