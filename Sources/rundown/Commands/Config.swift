import ArgumentParser
import Secrets
import Settings

/// `rundown config`.
struct Config: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Look at the configuration.", subcommands: [ConfigShow.self], defaultSubcommand: ConfigShow.self)
}

/// `rundown config show`.
struct ConfigShow: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show every setting in force, and with --origin who set it.",
    discussion: """
      EXAMPLES:
        rundown config show --origin
        rundown config show --json

      Secrets are shown as the references that the configuration holds.
      """)

  @Flag(help: "Show the file and line, variable or flag that set it.")
  var origin = false

  @OptionGroup var options: GlobalOptions

  private struct Row: Encodable {
    var key: String
    var value: String
    var origin: String
  }

  func run() async throws {
    let rows = Self.rows(try ProcessContext.settings(options))
    if options.json { return try JSONOutput.print("settings", rows) }
    var table = Table([.init("SETTING"), .init("VALUE", minimum: 20)] + (origin ? [.init("SET BY", minimum: 12)] : []))
    for row in rows {
      table.add([.init(row.key), .init(row.value)] + (origin ? [.init(row.origin, .grey)] : []))
    }
    try Output.painted(table.rendered(for: .output))
  }

  private static func rows(_ settings: Settings) -> [Row] {
    var rows: [Row] = []
    func add<Value>(_ key: String, _ value: Sourced<Value>, _ shown: (Value) -> String = { "\($0)" }) {
      rows.append(Row(key: key, value: shown(value.value), origin: "\(value.origin)"))
    }
    add("database", settings.database)
    add("retentionDays", settings.retentionDays)
    add("logging.level", settings.loggingLevel)
    add("worker.concurrency", settings.concurrency)
    for (queue, count) in settings.queueConcurrency.sorted(by: { $0.key < $1.key }) {
      add("worker.queues.\(queue)", count)
    }
    add("worker.leaseSeconds", settings.leaseSeconds)
    add("worker.shutdownGraceSeconds", settings.shutdownGraceSeconds)
    for (kind, seconds) in settings.jobTimeoutSeconds.sorted(by: { $0.key < $1.key }) {
      add("worker.jobTimeoutSeconds.\(kind)", seconds)
    }
    add("uploads.roots", settings.uploadRoots) { $0.isEmpty ? "any" : $0.joined(separator: "  ") }
    let connections = settings.connections
    for (name, engine) in connections.engines.sorted(by: { $0.key < $1.key }) {
      add("connections.engines.\(name)", engine) { engine in
        ([engine.url, engine.authentication.rawValue]
          + [engine.user, engine.password].compactMap { $0.map { "\($0)" } } + shown(engine.limits))
          .joined(separator: "  ")
      }
    }
    for (name, account) in connections.aws.sorted(by: { $0.key < $1.key }) {
      add("connections.aws.\(name)", account, shown)
    }
    for (name, account) in connections.wowzaVideo.sorted(by: { $0.key < $1.key }) {
      add("connections.wowzaVideo.\(name)", account) { account in
        ([account.url, account.version, shown(account.authentication)] + shown(account.limits)).joined(separator: "  ")
      }
    }
    for (name, pair) in connections.pushCredentials.sorted(by: { $0.key < $1.key }) {
      add("connections.pushCredentials.\(name)", pair) { "\($0.accessKeyID)  \($0.secretAccessKey)" }
    }
    return rows
  }

  private static func shown(_ account: AWSConnection) -> String {
    let source =
      switch account.source {
      case .defaultChain: "default-chain"
      case .profile(let name): "profile \(name)"
      case .keys(let pair, let token):
        ([pair.accessKeyID, pair.secretAccessKey] + [token].compactMap { $0 }).map { "\($0)" }.joined(separator: "  ")
      }
    return
      ([source] + [account.region, account.endpoint, account.assumeRole].compactMap { $0 } + shown(account.limits))
      .joined(separator: "  ")
  }

  private static func shown(_ limits: ConnectionLimits) -> [String] {
    [
      limits.requestsPerSecond.map { "\($0) requests/s" }, limits.concurrentWrites.map { "\($0) writes at once" },
      limits.lateness.map { "late effects up to \(Moments.span($0))" },
      limits.liveStreams.map { "\($0.count) live streams in \(Moments.span($0.window))" },
    ].compactMap { $0 }
  }

  private static func shown(_ authentication: WowzaVideoConnection.Authentication) -> String {
    switch authentication {
    case .token(let token): "token \(token)"
    case .apiKey(let key, let access): "apiKey \(key)  \(access)"
    case .hmac(let key, let access): "hmac \(key)  \(access)"
    }
  }
}
