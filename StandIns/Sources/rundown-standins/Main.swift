import ArgumentParser
import FoundationEssentials
import Glibc
import UnixSignals

@main
struct StandInsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rundown-standins",
    abstract:
      "Stand-ins of Wowza Streaming Engine and Wowza Video on 127.0.0.1, and a way to an S3 server, with faults on demand.",
    discussion: "Credentials come from RUNDOWN_STANDINS_ENGINE_USER, _ENGINE_PASSWORD, _VIDEO_TOKEN, _VIDEO_API_KEY "
      + "and _VIDEO_ACCESS_KEY; each has a default for trials. See docs/stand-ins.md.")

  @Option(help: "Port of the control API; 0 picks a free one.")
  var controlPort = 0

  @Option(name: .customLong("engine"), help: "An engine as NAME=PORT; repeat for more. Default: fra1=0.")
  var engines: [EngineAddress] = []

  @Option(help: "Port of Wowza Video; 0 picks a free one.")
  var videoPort = 0

  @Option(help: "An S3 server as http://HOST:PORT: opens a way to it on which faults can strike.")
  var s3Upstream: S3Upstream?

  @Option(help: "Port of that way; 0 picks a free one.")
  var s3Port = 0

  @Option(help: "Write the ports as JSON to this file, too.")
  var portsFile: String?

  @Option(name: .customLong("application"), help: "An application of every engine; repeat. Default: live and live2.")
  var applications: [String] = []

  @Option(help: "How engines authenticate: none, basic, digest-md5, digest-sha256.")
  var engineAuthentication = EngineSettings.Authentication.basic

  @Option(help: "What an engine's PUT does to absent fields: merge or replace.")
  var enginePut = EngineSettings.PutSemantics.replace

  @Option(help: "Time from the start of a live stream to its state started, such as 2s or 500ms.")
  var startDelay = Delay(seconds: 3)

  @Option(help: "Live streams that may be made within the window.")
  var liveStreamLimit = 10

  @Option(help: "That window.")
  var liveStreamWindow = Delay(seconds: 10_800)

  @Option(help: "Age up to which a GET of Wowza Video may be answered from a cache.")
  var cache = Delay(seconds: 0)

  @Option(help: "Seed of ids, nonces and key orders.")
  var seed: UInt64 = 1

  func run() async throws {
    // Trapped before anything listens: a signal in between must not leave a half-started process.
    let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
    let standIns = try await StandIns.start(configuration)
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let line = try encoder.encode(standIns.ports) + Data("\n".utf8)
    if let portsFile { try line.write(to: URL(filePath: portsFile), options: .atomic) }
    print(String(decoding: line, as: UTF8.self), terminator: "")
    // Standard output may be a pipe, which is written in blocks.
    fflush(nil)
    for await _ in signals { break }
    await standIns.stop()
  }

  private var configuration: StandInsConfiguration {
    let environment = ProcessInfo.processInfo.environment
    func set(_ value: inout String, from name: String) {
      if let given = environment["RUNDOWN_STANDINS_" + name], !given.isEmpty { value = given }
    }
    var configuration = StandInsConfiguration()
    configuration.controlPort = controlPort
    configuration.videoPort = videoPort
    configuration.s3Upstream = s3Upstream
    configuration.s3Port = s3Port
    if !engines.isEmpty {
      configuration.engines = Dictionary(engines.map { ($0.name, $0.port) }, uniquingKeysWith: { _, last in last })
    }
    if !applications.isEmpty { configuration.applications = applications }
    configuration.engineSettings.authentication = engineAuthentication
    configuration.engineSettings.putSemantics = enginePut
    configuration.videoSettings.startDelay = startDelay.seconds
    configuration.videoSettings.liveStreamLimit = liveStreamLimit
    configuration.videoSettings.liveStreamWindow = liveStreamWindow.seconds
    configuration.videoSettings.cacheSeconds = cache.seconds
    configuration.seed = seed
    set(&configuration.engineAccount.user, from: "ENGINE_USER")
    set(&configuration.engineAccount.password, from: "ENGINE_PASSWORD")
    set(&configuration.videoAccount.token, from: "VIDEO_TOKEN")
    set(&configuration.videoAccount.apiKey, from: "VIDEO_API_KEY")
    set(&configuration.videoAccount.accessKey, from: "VIDEO_ACCESS_KEY")
    return configuration
  }
}

extension EngineSettings.Authentication: ExpressibleByArgument {}
extension EngineSettings.PutSemantics: ExpressibleByArgument {}
