import Glibc

/// A real S3, IAM, STS and instance-metadata server on a free loopback port, which checks signatures and clocks.
///
/// It keeps everything in memory. Tests share one server per process, so each uses bucket names of its own.
public struct MiniStack: Sendable {
  /// The access key id of the server's root user.
  public static let accessKeyID = "rundown-root"
  /// The secret access key of the server's root user; it is valid nowhere else.
  public static let secretAccessKey = "rundown-root-secret"

  /// `http://127.0.0.1:PORT`.
  public let url: String
  private let process: ServerProcess

  private static let running = Task { try await start() }

  /// The server that all tests of this process share; the first caller starts it, the process's end stops it.
  public static func shared() async throws -> MiniStack { try await running.value }

  /// Starts a server of one's own.
  /// - Throws: ``TestServerError`` when the program is missing or does not come up.
  public static func start() async throws -> MiniStack {
    let program = try program()
    // Between choosing a free port and using it somebody else may take it: then the server ends at once.
    var lastLog = ""
    for _ in 0..<5 {
      let port = try LoopbackPort.free()
      let process = try ServerProcess.start(program: program) { directory in
        [
          "PATH=/usr/bin:/bin", "HOME=\(directory)", "TMPDIR=\(directory)", "AUTH=true", "BIND_HOST=127.0.0.1",
          "GATEWAY_PORT=\(port)", "SERVICES=s3,iam,sts,imds", "AWS_ACCESS_KEY_ID=\(accessKeyID)",
          "AWS_SECRET_ACCESS_KEY=\(secretAccessKey)",
        ]
      }
      if try await isReady(process, port: port) {
        return MiniStack(url: "http://127.0.0.1:\(port)", process: process)
      }
      lastLog = process.logTail()
      process.stop()
    }
    throw TestServerError("MiniStack ended five times right after its start; the last time it said:\n\(lastLog)")
  }

  /// Ends the server.
  public func stop() { process.stop() }

  /// Asks until the server answers; false when it ended.
  private static func isReady(_ process: ServerProcess, port: UInt16) async throws -> Bool {
    let clock = ContinuousClock()
    let deadline = clock.now + .seconds(60)
    while !process.hasEnded() {
      if LoopbackPort.status(port: port, path: "/_ministack/health") == 200 { return true }
      guard clock.now < deadline else {
        let log = process.logTail()
        process.stop()
        throw TestServerError("MiniStack did not answer within 60 s; it said:\n\(log)")
      }
      try await clock.sleep(for: .milliseconds(20))
    }
    return false
  }

  private static func program() throws -> String {
    if let named = getenv("RUNDOWN_MINISTACK") {
      let path = String(cString: named)
      guard access(path, X_OK) == 0 else { throw TestServerError("RUNDOWN_MINISTACK names no program: \(path)") }
      return path
    }
    var directory = Substring(#filePath)
    while let slash = directory.lastIndex(of: "/") {
      directory = directory[..<slash]
      let candidate = "\(directory)/.tools/ministack/bin/ministack"
      if access(candidate, X_OK) == 0 { return candidate }
    }
    throw TestServerError("MiniStack is not installed: run scripts/setup, or name the program in RUNDOWN_MINISTACK")
  }
}
