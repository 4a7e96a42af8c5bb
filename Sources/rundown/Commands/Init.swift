import ArgumentParser
import Presentation
import Settings

/// `rundown init`.
struct Init: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init", abstract: "Write a first configuration, from questions or options, and check it.",
    discussion: """
      EXAMPLES:
        rundown init                                    # asks, on a terminal
        rundown init --engine fra1=http://10.0.0.5:8087 --aws media=eu-central-1
        rundown init --wowza-video main --secret main_token=env:WOWZA_TOKEN

      It writes rundown.yaml (or the file of --config) and never overwrites one. Each
      secret goes into a file of its own, of mode 600, in the folder secrets beside
      it; a secret that is not given becomes an empty file for you to fill in.
      At the end it runs rundown doctor.
      """)

  @Option(name: .customLong("engine"), help: "A streaming engine, NAME=URL (repeatable).")
  var engines: [NameAndValue] = []

  @Option(help: "How the engines authenticate clients: digest, basic, negotiate or none.")
  var engineAuth = "digest"

  @Option(help: "An AWS account with credentials from the usual AWS places, NAME or NAME=REGION (repeatable).")
  var aws: [String] = []

  @Option(help: "An S3 server other than AWS, NAME=URL (repeatable).")
  var s3: [NameAndValue] = []

  @Option(help: "A Wowza Video account, NAME or NAME=URL (repeatable).")
  var wowzaVideo: [String] = []

  @Option(help: "The name of a key pair with which an engine pushes to S3 (repeatable).")
  var pushCredential: [String] = []

  @Option(help: "The content of a secret's file: FILE=env:VARIABLE, or FILE=PATH of a file to copy (repeatable).")
  var secret: [NameAndValue] = []

  @Flag(help: "Do not run rundown doctor at the end.")
  var noCheck = false

  @OptionGroup var options: GlobalOptions

  private struct View: Encodable {
    var configuration: String
    var secrets: [String]
  }

  func run() async throws {
    let files = try InitFiles(options.config)
    let isAsking = connections.isEmpty && Terminal.canAsk
    let database = options.database.map(ProcessContext.absolute)
    let chosen = try isAsking ? InitQuestions.connections() : connections
    let configuration = StarterConfiguration(chosen, database: database)
    guard !configuration.connections.isEmpty else {
      throw CommandError.input(
        "RD0301", "no connections given, so there is nothing to write",
        help: "for example: rundown init --engine fra1=http://10.0.0.5:8087")
    }
    try files.check(configuration)
    let values = try InitSecrets(secret).values(of: configuration.secrets, asking: Terminal.canAsk)
    let written = try files.write(configuration, values)
    if options.json {
      return try JSONOutput.print("init", View(configuration: files.path, secrets: written.map(\.path)))
    }
    try Output.line(files.path)
    for secret in written where secret.isEmpty { Output.sentence("write the \(secret.what) into \(secret.path)") }
    try await checked(files.path)
  }

  /// What the options describe.
  private var connections: [StarterConfiguration.Connection] {
    var all: [StarterConfiguration.Connection] = []
    for engine in engines { all.append(.engine(engine.name, url: engine.value, authentication: engineAuth)) }
    for account in aws.map(Self.pair) {
      all.append(.storage(account.name, region: account.value, endpoint: nil, hasKeys: false))
    }
    for server in s3 { all.append(.storage(server.name, region: nil, endpoint: server.value, hasKeys: true)) }
    for account in wowzaVideo.map(Self.pair) { all.append(.video(account.name, url: account.value)) }
    for name in pushCredential { all.append(.pushCredential(name)) }
    return all
  }

  /// `NAME` or `NAME=VALUE`.
  private static func pair(_ text: String) -> (name: String, value: String?) {
    let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
    return (parts.first ?? "", parts.count == 2 ? parts[1] : nil)
  }

  private func checked(_ path: String) async throws {
    guard !noCheck else { return Output.sentence("next: rundown doctor") }
    var options = options
    options.config = path
    guard var bad = try await Doctor.look(try ProcessContext.settings(options), json: false) else {
      return Output.sentence("next: rundown enqueue --help shows the kinds of jobs; rundown worker runs them")
    }
    bad.diagnostics[0].help = "\(path) was written; fix each of them as it says, then run: rundown doctor"
    throw bad
  }
}
