import Secrets
package import Settings

/// Every setting in force, for a person.
package enum SettingsTable {
  /// - Parameter withOrigin: whether to show who set it.
  package static func rendered(_ settings: Settings, withOrigin: Bool, for terminal: Terminal) -> String {
    var table = Table(
      [.init("SETTING"), .init("VALUE", minimum: 20)] + (withOrigin ? [.init("SET BY", minimum: 12)] : []))
    for row in SettingView.all(of: settings) {
      table.add([.init(row.key), .init(row.value)] + (withOrigin ? [.init(row.origin, .grey)] : []))
    }
    return table.rendered(for: terminal)
  }
}

/// A setting as `--json` shows it. Secrets are references.
package struct SettingView: Encodable {
  var key: String
  var value: String
  var origin: String

  /// Every setting in force.
  package static func all(of settings: Settings) -> [SettingView] {
    var rows: [SettingView] = []
    func add<Value>(_ key: String, _ value: Sourced<Value>, _ shown: (Value) -> String = { "\($0)" }) {
      rows.append(SettingView(key: key, value: shown(value.value), origin: "\(value.origin)"))
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
