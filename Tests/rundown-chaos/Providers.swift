import FoundationEssentials
import TestServers

/// The S3 server and the stand-ins: one process for the engines, the account `main` and the way to S3, one for the
/// account `late`, since a stand-in is one account.
struct Providers: Sendable {
  /// One process of stand-ins.
  struct StandIn: Sendable {
    let process: ServerProcess
    let ports: Ports
    let control: ControlAPI
  }

  struct Ports: Decodable, Sendable {
    var control: UInt16
    var engines: [String: Int]
    var video: Int
    var s3: Int?
  }

  let s3: MiniStack
  let main: StandIn
  let late: StandIn

  var standIns: [StandIn] { [main, late] }

  func standIn(_ account: Thing.Account) -> StandIn { account == .main ? main : late }

  static func start(_ plan: StormPlan, seed: UInt64, folder: String) async throws -> Providers {
    let s3 = try await MiniStack.start()
    let engines = plan.engines.flatMap { ["--engine", "\($0)=0"] }
    let main = try await standIn("main", plan, seed: seed, engines + ["--s3-upstream", s3.url], folder: folder)
    return Providers(s3: s3, main: main, late: try await standIn("late", plan, seed: seed &+ 1, [], folder: folder))
  }

  /// What the stand-ins counted and hold.
  func sights() throws -> [Thing.Account: ControlAPI.Sight] {
    var sights: [Thing.Account: ControlAPI.Sight] = [:]
    for account in Thing.Account.allCases { sights[account] = try standIn(account).control.sight() }
    return sights
  }

  func stop() {
    for standIn in standIns { standIn.process.stop() }
    s3.stop()
  }

  private static func standIn(
    _ name: String, _ plan: StormPlan, seed: UInt64, _ options: [String], folder: String
  ) async throws -> StandIn {
    let file = "\(folder)/\(name)-ports.json"
    let limits = [
      "--live-stream-limit", "\(plan.liveStreams.count)", "--live-stream-window", "\(plan.liveStreams.seconds)s",
    ]
    let process = try ServerProcess.start(
      program: try StandIns.program(),
      arguments: ["--ports-file", file, "--start-delay", "1s", "--seed", "\(seed)"] + limits + options,
      output: "\(folder)/standins-\(name)"
    ) { _ in ["PATH=/usr/bin:/bin", "SWIFT_BACKTRACE=enable=no"] }
    let clock = ContinuousClock()
    let deadline = clock.now + .seconds(240)
    while !process.hasEnded(), clock.now < deadline {
      if let line = try? Data(contentsOf: URL(filePath: file)) {
        let ports = try JSONDecoder().decode(Ports.self, from: line)
        return StandIn(process: process, ports: ports, control: ControlAPI(port: ports.control))
      }
      try await clock.sleep(for: .milliseconds(20))
    }
    process.stop()
    throw StormError("the stand-ins did not come up; see \(folder)/standins-\(name).err")
  }
}
