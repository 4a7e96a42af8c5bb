import Glibc

/// A real S3 server that the cases of the matrix run against: three that tests start, or one that a person names.
public struct S3Server: Sendable {
  /// Which server it is.
  public enum Kind: String, Sendable, CaseIterable {
    /// MiniStack: checks signatures, knows all settings.
    case miniStack
    /// moto: believes every signature, knows all settings.
    case moto
    /// OpenStack Swift with its S3 interface: checks signatures, knows hardly any setting, conditions or checksums.
    case swift
    /// The one at `RUNDOWN_S3_ENDPOINT`, for `scripts/s3-matrix`.
    case named

    /// As the table in docs/providers.md calls it.
    public var title: String {
      switch self {
      case .miniStack: "MiniStack 1.5.33"
      case .moto: "moto 5.2.1"
      case .swift: "OpenStack Swift 2.30"
      case .named: getenv("RUNDOWN_S3_SERVER").map { String(cString: $0) } ?? "RUNDOWN_S3_ENDPOINT"
      }
    }

    /// The servers that the cases run against in this process.
    public static var inUse: [Kind] { getenv("RUNDOWN_S3_ENDPOINT") == nil ? [.miniStack, .moto, .swift] : [.named] }
  }

  /// Scheme, host and port.
  public let url: String
  /// The access key id of a user who may do everything.
  public let accessKeyID: String
  /// That user's secret access key.
  public let secretAccessKey: String
  /// The region to sign for.
  public let region: String

  private static let moto = Task { try await startMoto() }
  private static let swift = Task { try await startSwift() }

  /// The server of this kind that all tests of this process share; the first caller starts it.
  /// - Throws: ``TestServerError`` when its program is missing or does not come up.
  public static func shared(_ kind: Kind) async throws -> S3Server {
    switch kind {
    case .miniStack:
      let server = try await MiniStack.shared()
      return S3Server(
        url: server.url, accessKeyID: server.accessKeyID, secretAccessKey: server.secretAccessKey, region: "us-east-1")
    case .moto: return try await moto.value
    case .swift: return try await swift.value
    case .named: return try named()
    }
  }

  private static func named() throws -> S3Server {
    func variable(_ name: String) -> String? { getenv("RUNDOWN_S3_\(name)").map { String(cString: $0) } }
    guard let url = variable("ENDPOINT"), let id = variable("ACCESS_KEY_ID"), let key = variable("SECRET_ACCESS_KEY")
    else {
      throw TestServerError("RUNDOWN_S3_ENDPOINT needs RUNDOWN_S3_ACCESS_KEY_ID and RUNDOWN_S3_SECRET_ACCESS_KEY")
    }
    return S3Server(url: url, accessKeyID: id, secretAccessKey: key, region: variable("REGION") ?? "us-east-1")
  }

  private static func startMoto() async throws -> S3Server {
    let program = try tool(".tools/moto/bin/moto_server")
    return try await start("moto", id: "AKIAMOTOTEST", secret: "moto-believes-all", path: "/moto-api/", says: "moto") {
      "exec '\(program)' -H 127.0.0.1 -p \($0)"
    }
  }

  private static func startSwift() async throws -> S3Server {
    let script = try tool("scripts/swift-server")
    return try await start("Swift", id: "test:tester", secret: "swift-testing", path: "/healthcheck", says: "OK") {
      "exec '\(script)' \($0) \"$TMPDIR/swift\" test:tester swift-testing"
    }
  }

  private static func start(
    _ name: String, id: String, secret: String, path: String, says: String, command: (UInt16) -> String
  ) async throws -> S3Server {
    let clock = ContinuousClock()
    var lastLog = ""
    // Between choosing a free port and using it somebody else may take it: then the server ends at once.
    for _ in 0..<3 {
      let port = try LoopbackPort.free()
      let process = try ServerProcess.start(program: "/bin/sh", arguments: ["-c", command(port)]) { directory in
        ["PATH=/usr/bin:/bin", "HOME=\(directory)", "TMPDIR=\(directory)"]
      }
      let deadline = clock.now + .seconds(240)
      while !process.hasEnded(), clock.now < deadline {
        let answer = LoopbackPort.exchange(port: port, path: path)
        // Its own words: another test's server may have been given the port and answer 200 to everything.
        if answer?.status == 200, answer?.body.contains(says) == true {
          return S3Server(
            url: "http://127.0.0.1:\(port)", accessKeyID: id, secretAccessKey: secret, region: "us-east-1")
        }
        try await clock.sleep(for: .milliseconds(50))
      }
      lastLog = process.logTail()
      process.stop()
    }
    throw TestServerError("\(name) did not start; the last time it said:\n\(lastLog)")
  }

  private static func tool(_ path: String) throws -> String {
    var directory = Substring(#filePath)
    while let slash = directory.lastIndex(of: "/") {
      directory = directory[..<slash]
      if access("\(directory)/\(path)", X_OK) == 0 { return "\(directory)/\(path)" }
    }
    throw TestServerError("\(path) is not there: run scripts/setup")
  }
}
