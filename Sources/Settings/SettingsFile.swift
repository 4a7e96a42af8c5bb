import AWSClient

/// Lays one configuration file over settings.
struct SettingsFile {
  private var reader: YAMLReader
  private let isShared: Bool

  /// Applies the file's values; returns every error that was found. With errors, `settings` stays as it was.
  /// - Parameter isShared: whether the file serves every directory: its paths must be absolute.
  static func apply(
    _ text: String, file: String, isShared: Bool = false, to settings: inout Settings
  ) -> [Diagnostic] {
    do throws(Diagnostic) {
      let document = try YAMLDocument(text: text, file: file)
      guard let root = document.root else { return [] }
      var this = SettingsFile(reader: YAMLReader(document), isShared: isShared)
      var result = settings
      this.read(root, into: &result)
      if this.reader.diagnostics.isEmpty { settings = result }
      return this.reader.diagnostics
    } catch {
      return [error]
    }
  }

  private mutating func read(_ root: YAMLNode, into settings: inout Settings) {
    let entries = reader.mapping(
      root, "the file",
      known: ["apiVersion", "kind", "database", "worker", "retentionDays", "logging", "uploads", "connections"])
    if !entries.contains(where: { $0.0 == "apiVersion" }) { reader.missing("apiVersion", in: "the file", at: root) }
    for (key, node) in entries {
      switch key {
      case "apiVersion":
        if node.text != "rundown/v1" {
          reader.report("RD0107", "unknown apiVersion", at: node, help: "write apiVersion: rundown/v1")
        }
      case "kind": _ = reader.choice(node, "kind", of: ["Config"])
      case "database": set(databasePath(node), node) { settings.database = $0 }
      case "worker": worker(node, &settings)
      case "retentionDays":
        set(reader.number(node, key, minimum: 1, maximum: 36_500), node) { settings.retentionDays = $0 }
      case "logging":
        for (_, level) in reader.mapping(node, key, known: ["level"]) {
          set(reader.choice(level, "logging.level", of: Settings.loggingLevels), level) { settings.loggingLevel = $0 }
        }
      case "uploads":
        for (_, roots) in reader.mapping(node, key, known: ["roots"]) {
          set(folders(roots, "uploads.roots"), roots) { settings.uploadRoots = $0 }
        }
      default: connections(node, &settings.connections)
      }
    }
  }

  private func set<Value>(_ value: Value?, _ node: YAMLNode, _ store: (Sourced<Value>) -> Void) {
    if let value { store(Sourced(value, .file(node.location))) }
  }

  private mutating func databasePath(_ node: YAMLNode) -> String? {
    guard let path = reader.text(node, "database") else { return nil }
    guard !isShared || path.hasPrefix("/") else {
      reader.report(
        "RD0112", "database must be an absolute path in a file that serves every directory", at: node,
        help: "write where the queue file is to lie, such as /var/lib/rundown/\(Settings.databaseName)")
      return nil
    }
    return path
  }

  private mutating func worker(_ node: YAMLNode, _ settings: inout Settings) {
    let known = ["concurrency", "queues", "leaseSeconds", "shutdownGraceSeconds", "jobTimeoutSeconds"]
    for (key, node) in reader.mapping(node, "worker", known: known) {
      let path = "worker.\(key)"
      switch key {
      case "concurrency": set(reader.number(node, path, minimum: 1, maximum: 1000), node) { settings.concurrency = $0 }
      case "leaseSeconds":
        set(reader.number(node, path, minimum: 10, maximum: 86_400), node) { settings.leaseSeconds = $0 }
      case "shutdownGraceSeconds":
        set(reader.number(node, path, minimum: 0, maximum: 86_400), node) { settings.shutdownGraceSeconds = $0 }
      case "queues":
        for (name, node) in reader.mapping(node, path) {
          set(reader.number(node, "\(path).\(name)", minimum: 1, maximum: 1000), node) {
            settings.queueConcurrency[name] = $0
          }
        }
      default:
        for (kind, node) in reader.mapping(node, path) {
          set(reader.number(node, "\(path).\(kind)", minimum: 1, maximum: 31_536_000), node) {
            settings.jobTimeoutSeconds[kind] = $0
          }
        }
      }
    }
  }

  /// A list of folders, each by its absolute path. An empty one would look like a lock and be none.
  private mutating func folders(_ node: YAMLNode, _ path: String) -> [String]? {
    guard case .sequence(let elements) = node.content, !elements.isEmpty else {
      reader.report("RD0106", "\(path) must be a list of folders", at: node, help: "write [/srv/recordings]")
      return nil
    }
    let folders = elements.compactMap { element -> String? in
      guard let folder = reader.text(element, path) else { return nil }
      if folder.hasPrefix("/") { return folder }
      reader.report("RD0106", "\(path) needs absolute folders", at: element, help: "write /srv/recordings")
      return nil
    }
    return folders.count == elements.count ? folders : nil
  }

  private mutating func connections(_ node: YAMLNode, _ all: inout Connections) {
    let known = ["engines", "aws", "wowzaVideo", "pushCredentials"]
    for (kind, node) in reader.mapping(node, "connections", known: known) {
      for (name, node) in reader.mapping(node, "connections.\(kind)") {
        let path = "connections.\(kind).\(name)"
        switch kind {
        case "engines": set(engine(node, path), node) { all.engines[name] = $0 }
        case "aws": set(aws(node, path), node) { all.aws[name] = $0 }
        case "wowzaVideo": set(wowzaVideo(node, path), node) { all.wowzaVideo[name] = $0 }
        default:
          let keys = fields(node, path, ["accessKeyId", "secretAccessKey"])
          set(reader.keyPair(keys, path, node), node) { all.pushCredentials[name] = $0 }
        }
      }
    }
  }

  private mutating func fields(_ node: YAMLNode, _ path: String, _ known: [String]) -> [String: YAMLNode] {
    Dictionary(reader.mapping(node, path, known: known)) { first, _ in first }
  }

  private mutating func engine(_ node: YAMLNode, _ path: String) -> EngineConnection? {
    let keys = fields(node, path, ["url", "auth", "user", "password", "serverName", "vhost", "caFile", "limits"])
    let words = EngineConnection.Authentication.allCases.map(\.rawValue)
    let word = keys["auth"].map { reader.choice($0, "\(path).auth", of: words) ?? "digest" } ?? "digest"
    let authentication = EngineConnection.Authentication(rawValue: word) ?? .digest
    if authentication != .none {
      for key in ["user", "password"] where keys[key] == nil { reader.missing(key, in: path, at: node) }
    }
    guard let url = reader.requiredURL(keys, path, node) else { return nil }
    return EngineConnection(
      url: url, authentication: authentication, user: reader.secret(keys, "user", path),
      password: reader.secret(keys, "password", path),
      serverName: reader.text(keys, "serverName", path) ?? "_defaultServer_",
      vhost: reader.text(keys, "vhost", path) ?? "_defaultVHost_", caFile: reader.text(keys, "caFile", path),
      limits: reader.limits(keys, path, known: ["requestsPerSecond", "concurrentWrites"]))
  }

  private mutating func aws(_ node: YAMLNode, _ path: String) -> AWSConnection? {
    let known = ["source", "accessKeyId", "secretAccessKey", "sessionToken", "profile", "assumeRole", "externalId"]
    let keys = fields(node, path, known + ["region", "endpoint", "caFile", "limits"])
    let word = keys["source"].map { reader.choice($0, "\(path).source", of: ["default-chain", "static", "profile"]) }
    var source = AWSConnection.Source.defaultChain
    switch word ?? "default-chain" {
    case "static":
      guard let pair = reader.keyPair(keys, path, node) else { return nil }
      source = .keys(pair, sessionToken: reader.secret(keys, "sessionToken", path))
    case "profile":
      guard let profile = reader.text(keys, "profile", path) else {
        reader.missing("profile", in: path, at: node)
        return nil
      }
      source = .profile(profile)
    default: break
    }
    return AWSConnection(
      source: source, assumeRole: reader.text(keys, "assumeRole", path),
      externalID: reader.text(keys, "externalId", path), region: region(keys, path),
      endpoint: keys["endpoint"].flatMap { reader.url($0, "\(path).endpoint") },
      caFile: reader.text(keys, "caFile", path),
      limits: reader.limits(keys, path, known: ["requestsPerSecond"]))
  }

  /// As in a job: servers of one's own name their regions as they like, AWS does not.
  private mutating func region(_ keys: [String: YAMLNode], _ path: String) -> String? {
    guard let node = keys["region"], let name = reader.text(node, "\(path).region") else { return nil }
    let isOfAWS = keys["endpoint"] == nil
    if isOfAWS ? AWSRegion.canBeOfAWS(name) : AWSRegion.canBeSignedFor(name) { return name }
    reader.report(
      "RD0113", "\(path).region: '\(name)' \(isOfAWS ? "is no AWS region" : "cannot be the name of a region")",
      at: node,
      help: isOfAWS
        ? "write one such as eu-central-1; another server than AWS needs its endpoint"
        : "write it as the server calls it, such as fr-par")
    return nil
  }

  private mutating func wowzaVideo(_ node: YAMLNode, _ path: String) -> WowzaVideoConnection? {
    let known = ["url", "version", "authentication", "token", "apiKey", "accessKey", "caFile", "limits"]
    let keys = fields(node, path, known)
    let words = ["token", "apiKey", "hmac"]
    let word = keys["authentication"].flatMap { reader.choice($0, "\(path).authentication", of: words) } ?? "token"
    let needed = word == "token" ? ["token"] : ["apiKey", "accessKey"]
    for key in needed where keys[key] == nil { reader.missing(key, in: path, at: node) }
    let secrets = needed.compactMap { reader.secret(keys, $0, path) }
    let url = keys["url"].map { reader.url($0, "\(path).url") } ?? "https://api.video.wowza.com"
    guard let url, secrets.count == needed.count else { return nil }
    let authentication: WowzaVideoConnection.Authentication =
      switch word {
      case "token": .token(secrets[0])
      case "hmac": .hmac(secrets[0], accessKey: secrets[1])
      default: .apiKey(secrets[0], accessKey: secrets[1])
      }
    return WowzaVideoConnection(
      url: url, version: reader.text(keys, "version", path) ?? "v2.0", authentication: authentication,
      caFile: reader.text(keys, "caFile", path),
      limits: reader.limits(keys, path, known: ["requestsPerSecond", "liveStreams", "lateness"]))
  }
}
