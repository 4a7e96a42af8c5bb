import Glibc

/// A real S3, IAM, STS and instance-metadata server on a free loopback port, which checks signatures and clocks.
///
/// It keeps everything in memory. Tests share one server per process, so each uses bucket names of its own.
public struct MiniStack: Sendable {
  /// `http://127.0.0.1:PORT`.
  public let url: String
  /// The access key id of a user who may do everything and whose signatures are checked.
  public let accessKeyID: String
  /// That user's secret access key; it is valid nowhere else.
  public let secretAccessKey: String
  private let port: UInt16
  private let process: ServerProcess

  private static let running = Task { try await start() }

  /// The server that all tests of this process share; the first caller starts it, the process's end stops it.
  public static func shared() async throws -> MiniStack { try await running.value }

  /// Starts a server of one's own.
  /// - Throws: ``TestServerError`` when the program is missing or does not come up.
  public static func start() async throws -> MiniStack {
    let command = try command()
    // Between choosing a free port and using it somebody else may take it: then the server ends at once.
    var lastLog = ""
    for _ in 0..<5 {
      let port = try LoopbackPort.free()
      let process = try ServerProcess.start(program: command[0], arguments: Array(command.dropFirst())) { directory in
        [
          "PATH=/usr/bin:/bin", "HOME=\(directory)", "TMPDIR=\(directory)", "AUTH=true", "BIND_HOST=127.0.0.1",
          "GATEWAY_PORT=\(port)", "SERVICES=s3,iam,sts,imds", "AWS_ACCESS_KEY_ID=\(rootKey)",
        ]
      }
      if try await isReady(process, port: port) {
        do {
          return try administrator(of: process, port: port)
        } catch {
          process.stop()
          throw error
        }
      }
      lastLog = process.logTail()
      process.stop()
    }
    throw TestServerError("MiniStack ended five times right after its start; the last time it said:\n\(lastLog)")
  }

  /// Makes a role that may do everything and that whoever knows the external id may take on; gives its ARN.
  public func makeRole(_ name: String, externalID: String) throws -> String {
    let trust =
      #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole","#
      + #""Condition":{"StringEquals":{"sts:ExternalId":"\#(externalID)"}}}]}"#
    let document = trust.utf8.map { "%" + ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    let answer = try Self.iam(port, "Action=CreateRole&RoleName=\(name)&AssumeRolePolicyDocument=\(document)")
    _ = try Self.iam(port, "Action=AttachRolePolicy&RoleName=\(name)&PolicyArn=\(Self.fullAccess)")
    guard let arn = Self.text("Arn", in: answer) else { throw TestServerError("MiniStack made no role: \(answer)") }
    return arn
  }

  /// Ends the server.
  public func stop() { process.stop() }

  /// Asks until the server answers; false when it ended.
  private static func isReady(_ process: ServerProcess, port: UInt16) async throws -> Bool {
    let clock = ContinuousClock()
    // Python loads for half a second on an idle machine; this bounds one that hangs.
    let deadline = clock.now + .seconds(600)
    while !process.hasEnded() {
      let health = LoopbackPort.exchange(port: port, path: "/_ministack/health")
      // Its own words: another test's server may have been given the port and answer 200 to everything.
      if health?.status == 200, health?.body.contains("\"services\"") == true { return true }
      guard clock.now < deadline else {
        let log = process.logTail()
        process.stop()
        throw TestServerError("MiniStack did not answer within 600 s; it said:\n\(log)")
      }
      try await clock.sleep(for: .milliseconds(20))
    }
    return false
  }

  /// The server believes whoever names its root key, whatever the signature: fit to make a user, not to test with.
  private static let rootKey = "rundown-root"
  private static let fullAccess = "arn%3Aaws%3Aiam%3A%3Aaws%3Apolicy%2FAdministratorAccess"

  private static func administrator(of process: ServerProcess, port: UInt16) throws -> MiniStack {
    _ = try iam(port, "Action=CreateUser&UserName=tester")
    _ = try iam(port, "Action=AttachUserPolicy&UserName=tester&PolicyArn=\(fullAccess)")
    let answer = try iam(port, "Action=CreateAccessKey&UserName=tester")
    guard let id = text("AccessKeyId", in: answer), let secret = text("SecretAccessKey", in: answer) else {
      throw TestServerError("MiniStack made no access key: \(answer)")
    }
    return MiniStack(
      url: "http://127.0.0.1:\(port)", accessKeyID: id, secretAccessKey: secret, port: port, process: process)
  }

  private static func iam(_ port: UInt16, _ form: String) throws -> String {
    let scope = "\(rootKey)/20260101/us-east-1/iam/aws4_request"
    let headers = [
      "Authorization: AWS4-HMAC-SHA256 Credential=\(scope), SignedHeaders=host, Signature=0",
      "Content-Type: application/x-www-form-urlencoded",
    ]
    let answer = LoopbackPort.exchange(
      port: port, method: "POST", path: "/", headers: headers, body: "\(form)&Version=2010-05-08")
    guard let answer, answer.status == 200 else {
      throw TestServerError("MiniStack refused \(form): \(answer?.body ?? "no answer")")
    }
    return answer.body
  }

  private static func text(_ element: String, in xml: String) -> String? {
    guard let start = xml.firstRange(of: "<\(element)>"),
      let end = xml[start.upperBound...].firstRange(of: "</\(element)>")
    else { return nil }
    return String(xml[start.upperBound..<end.lowerBound])
  }

  /// The one that `scripts/setup` installed, by `scripts/s3-server`: with its own checksum in Python it would answer
  /// nobody for seconds whenever a test uploads a part.
  private static func command() throws -> [String] {
    if let named = getenv("RUNDOWN_MINISTACK") {
      let path = String(cString: named)
      guard access(path, X_OK) == 0 else { throw TestServerError("RUNDOWN_MINISTACK names no program: \(path)") }
      return [path]
    }
    var directory = Substring(#filePath)
    while let slash = directory.lastIndex(of: "/") {
      directory = directory[..<slash]
      let python = "\(directory)/.tools/ministack/bin/python"
      if access(python, X_OK) == 0 { return [python, "\(directory)/scripts/s3-server"] }
    }
    throw TestServerError("MiniStack is not installed: run scripts/setup, or name the program in RUNDOWN_MINISTACK")
  }
}
