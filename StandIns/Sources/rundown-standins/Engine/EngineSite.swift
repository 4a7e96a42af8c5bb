import FoundationEssentials

/// Stand-in for the REST API of one Wowza Streaming Engine (`/v2`, port 8087 of a real one).
actor EngineSite: Site {
  static let applicationsPath = "/v2/servers/_defaultServer_/vhosts/_defaultVHost_/applications"

  private let account: EngineAccount
  private let names: [String]
  private let time: StandInTime
  private let initial: EngineSettings
  private(set) var settings: EngineSettings
  private(set) var applications: [String: EngineApplication]
  private var random: SeededRandom
  private var digest = DigestGate()

  init(
    applications: [String], account: EngineAccount, settings: EngineSettings, time: StandInTime, random: SeededRandom
  ) {
    names = applications
    self.account = account
    self.time = time
    initial = settings
    self.settings = settings
    self.random = random
    self.applications = Self.fresh(applications)
  }

  func answer(_ request: Request) -> Reply {
    var answer = refusal(request) ?? route(request)
    answer.headers["Server"] = "Restlet-Framework/2.2.2"
    return answer
  }

  func unauthorized(code: String?) -> Reply {
    EngineEnvelope.unauthorized(challenge: challenge())
  }

  func failure(status: Int) -> Reply {
    EngineEnvelope.failure(status)
  }

  func change(_ settings: EngineSettings) {
    self.settings = settings
  }

  /// Resets it to the state after a start: no entries, no counts, the initial settings.
  func reset() {
    applications = Self.fresh(names)
    settings = initial
    digest = DigestGate()
  }

  private static func fresh(_ names: [String]) -> [String: EngineApplication] {
    Dictionary(names.map { ($0, EngineApplication(name: $0)) }, uniquingKeysWith: { first, _ in first })
  }

  // MARK: Who calls

  private var algorithm: DigestGate.Algorithm {
    settings.authentication == .digestSHA256 ? .sha256 : .md5
  }

  private func refusal(_ request: Request) -> Reply? {
    switch settings.authentication {
    case .none:
      return nil
    case .basic:
      let pair = Data("\(account.user):\(account.password)".utf8).base64EncodedString()
      return request.header("Authorization") == "Basic " + pair ? nil : unauthorized(code: nil)
    case .digestMD5, .digestSHA256:
      let verdict = digest.check(
        request, account: account, algorithm: algorithm, lifetime: settings.nonceLifetime, now: time.now(),
        random: &random)
      guard case .refused(let challenge) = verdict else { return nil }
      return EngineEnvelope.unauthorized(challenge: challenge)
    }
  }

  private func challenge() -> String? {
    switch settings.authentication {
    case .none: return nil
    case .basic: return "Basic realm=\"\(DigestGate.realm)\""
    case .digestMD5, .digestSHA256:
      guard case .refused(let text) = digest.refuse(stale: false, algorithm, time.now(), &random) else { return nil }
      return text
    }
  }

  // MARK: What is asked

  private func route(_ request: Request) -> Reply {
    let parts = request.segments
    if parts == ["v2", "servers", "_defaultServer_", "status"] {
      return request.method == "GET" ? status() : EngineEnvelope.failure(405)
    }
    let base = Self.applicationsPath.split(separator: "/").map(String.init)
    guard parts.starts(with: base) else { return EngineEnvelope.failure(404) }
    let below = Array(parts.dropFirst(base.count))
    guard let name = below.first else {
      return request.method == "GET" ? list() : EngineEnvelope.failure(405)
    }
    guard let application = applications[name] else { return EngineEnvelope.failure(404) }
    switch (request.method, Array(below.dropFirst())) {
    case ("GET", []):
      return Reply(200, json: application.configuration)
    case ("GET", ["adv"]):
      return Reply(200, json: .object(application.advanced))
    case ("PUT", ["adv"]):
      guard let body = request.json?.object else { return EngineEnvelope.failure(400) }
      applications[name]?.advanced.merge(body) { _, new in new }
      return EngineEnvelope.success("Saved")
    case ("PUT", ["actions", "start"]), ("PUT", ["actions", "restart"]), ("PUT", ["actions", "shutdown"]):
      return EngineEnvelope.success("Application (\(name)) action done")
    case (_, let rest) where rest.starts(with: ["pushpublish", "mapentries"]):
      return mapEntries(request, application: name, below: Array(rest.dropFirst(2)))
    default:
      return EngineEnvelope.failure(404)
    }
  }

  private func mapEntries(_ request: Request, application name: String, below: [String]) -> Reply {
    guard var map = applications[name]?.map else { return EngineEnvelope.failure(404) }
    defer { applications[name]?.map = map }
    if request.method == "GET", below.count < 2 {
      let reading = EntryReading(options: settings.optionsReading, keys: settings.keysReading)
      return below.first.map { map.get($0, reading) }
        ?? Reply(200, json: ["serverName": "_defaultServer_", "mapEntries": map.list(reading)])
    }
    if request.method == "PUT", below.count == 3, below[1] == "actions" { return map.act(below[0], below[2]) }
    if request.method == "DELETE", below.count == 1 { return map.delete(below[0]) }
    guard request.method == "POST" || request.method == "PUT", below.count < 2 else {
      return EngineEnvelope.failure(404)
    }
    guard let body = request.json?.object, let entry = below.first ?? body["entryName"]?.string, !entry.isEmpty else {
      return EngineEnvelope.failure(400)
    }
    // The real engine's version is the map file's time stamp in milliseconds.
    let version = String(Int(time.now().timeIntervalSince1970 * 1000))
    return request.method == "POST"
      ? map.create(entry, body, version: version, duplicateStatus: settings.duplicateStatus)
      : map.update(entry, body, settings.putSemantics, version: version)
  }

  private func list() -> Reply {
    let items = applications.keys.sorted().compactMap { applications[$0]?.listItem }
    return Reply(200, json: ["serverName": "_defaultServer_", "applications": .array(items)])
  }

  private func status() -> Reply {
    Reply(
      200,
      json: [
        "version": "1700000000000", "serverName": "_defaultServer_", "serverVersion": .string(EngineEnvelope.version),
        "serverBuild": "20240101", "licenseType": "Subscription", "licenseExpireDate": "2037-01-31",
        "serverMode": "Production", "osName": "Linux", "timeRunning": 86_400, "restAPIAvailable": true,
      ])
  }
}
