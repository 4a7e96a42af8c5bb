import FoundationEssentials
import Glibc
import TestServers

/// The configuration of the storm, with its secrets in files.
struct Configuration: Sendable {
  let folder: String

  private static let expired = "standin-expired-token"
  private static let valid = "standin-token"

  /// Writes the secrets; the token of `late` is good until the storm begins.
  func writeSecrets(_ providers: Providers) throws {
    try FileManager.default.createDirectory(
      atPath: "\(folder)/secrets", withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    try write("engine_user", "wse")
    try write("engine_password", "wse-secret")
    try write("s3_id", providers.s3.accessKeyID)
    try write("s3_key", providers.s3.secretAccessKey)
    for account in Thing.Account.allCases { try write("token_\(account.rawValue)", Self.valid) }
  }

  /// The account `late` has let its token expire.
  func expireToken() throws { try write("token_late", Self.expired) }

  /// A person has put the new token there.
  func replaceToken() throws { try write("token_late", Self.valid) }

  /// Writes `NAME.yaml` for the queue file `NAME.db`.
  func write(_ name: String, _ plan: StormPlan, _ providers: Providers) throws {
    var lines = [
      "apiVersion: rundown/v1", "kind: Config", "database: \(folder)/\(name).db", "connections:", "  engines:",
    ]
    for (engine, port) in providers.main.ports.engines.sorted(by: { $0.key < $1.key }) {
      lines += [
        "    \(engine):", "      url: http://127.0.0.1:\(port)", "      auth: basic",
        "      user: \(file("engine_user"))", "      password: \(file("engine_password"))",
        "      limits: {requestsPerSecond: 100, concurrentWrites: 1}",
      ]
    }
    lines += [
      "  aws:", "    media:", "      source: static",
      "      endpoint: http://127.0.0.1:\(providers.main.ports.s3 ?? 0)", "      region: \(StormJob.region)",
      "      accessKeyId: \(file("s3_id"))", "      secretAccessKey: \(file("s3_key"))", "  wowzaVideo:",
    ]
    for account in Thing.Account.allCases {
      lines += [
        "    \(account.rawValue):", "      url: http://127.0.0.1:\(providers.standIn(account).ports.video)",
        "      version: v1.11", "      token: \(file("token_\(account.rawValue)"))",
        "      limits: {requestsPerSecond: 20, lateEffectWindow: 3s, liveStreams: {count: \(plan.liveStreams.count), "
          + "per: \(plan.liveStreams.seconds)s}}",
      ]
    }
    lines += [
      "  pushCredentials:", "    push: {accessKeyId: \(file("s3_id")), secretAccessKey: \(file("s3_key"))}", "",
    ]
    try Data(lines.joined(separator: "\n").utf8).write(to: URL(filePath: "\(folder)/\(name).yaml"))
  }

  private func file(_ secret: String) -> String { "{file: \(folder)/secrets/\(secret)}" }

  /// Whole or not at all: a worker may read it at any moment.
  private func write(_ secret: String, _ value: String) throws {
    let path = "\(folder)/secrets/\(secret)"
    try Data(value.utf8).write(to: URL(filePath: path + ".new"))
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path + ".new")
    guard rename(path + ".new", path) == 0 else { throw StormError("\(path) cannot be replaced") }
  }
}
