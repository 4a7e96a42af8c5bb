import Dispatch
import FoundationEssentials
import Glibc

/// Running stand-ins of the providers: the program of the package in `StandIns`, in a process of its own.
package struct StandIns: Sendable {
  /// Where they listen; a listener keeps its port when it is down.
  package let ports: StandInsPorts
  private let process: ServerProcess
  private let now: (@Sendable () -> Int64)?

  /// Starts everything; returns when every listener accepts connections.
  /// - Throws: ``TestServerError`` when the program was not built or does not come up.
  package static func start(_ configuration: StandInsConfiguration = StandInsConfiguration()) async throws -> StandIns {
    let process = try ServerProcess.start(
      program: try program(), arguments: configuration.arguments
    ) { _ in ["PATH=/usr/bin:/bin", "SWIFT_BACKTRACE=enable=no"] + configuration.credentials }
    do {
      let standIns = StandIns(ports: try await ports(of: process), process: process, now: configuration.now)
      try await standIns.sendTime()
      if let video = try configuration.videoSettings.patch() {
        _ = try await standIns.control("PATCH", "/settings/video", video)
      }
      if let engine = try configuration.engineSettings.patch() {
        for name in standIns.ports.engines.keys {
          _ = try await standIns.control("PATCH", "/settings/engine/\(name)", engine)
        }
      }
      return standIns
    } catch {
      process.stop()
      throw error
    }
  }

  /// Ends them.
  package func stop() async { await Self.blocking { process.stop() } }

  /// Tells them what the test's clock shows, if they are to follow it: theirs stands still in between.
  package func sendTime() async throws {
    guard let now else { return }
    _ = try await control("POST", "/clock", "{\"milliseconds\":\(now())}")
  }

  /// Asks the control API and expects it to agree; answers the body.
  /// - Throws: ``TestServerError``.
  package func control(_ method: String, _ path: String, _ body: String = "") async throws -> String {
    let port = UInt16(ports.control)
    let answer = await Self.blocking { LoopbackPort.exchange(port: port, method: method, path: path, body: body) }
    guard let answer, (200..<300).contains(answer.status) else {
      throw TestServerError("\(method) \(path): \(answer.map { "\($0.status) \($0.body)" } ?? "no answer")")
    }
    return answer.body
  }

  /// The program as `scripts/standins` built it, in the same way as the program that asks: debug or release.
  /// - Throws: ``TestServerError`` when it is not there.
  package static func program() throws -> String {
    let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    let way = own.split(separator: "/").dropLast().last ?? "debug"
    let root = #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 }
    let path = "\(root)/StandIns/.build/\(way)/rundown-standins"
    guard access(path, X_OK) == 0 else {
      throw TestServerError("there is no \(path): build the stand-ins with scripts/standins \(way)")
    }
    return path
  }

  /// The line with which the program tells that it listens.
  private static func ports(of process: ServerProcess) async throws -> StandInsPorts {
    let clock = ContinuousClock()
    let deadline = clock.now + .seconds(600)
    while !process.hasEnded(), clock.now < deadline {
      let log = process.logTail()
      if let line = log.split(separator: "\n").first(where: { $0.hasPrefix("{") }), log.hasSuffix("}\n") {
        return try JSONDecoder().decode(StandInsPorts.self, from: Data(line.utf8))
      }
      try await clock.sleep(for: .milliseconds(5))
    }
    throw TestServerError("the stand-ins did not come up; they said:\n\(process.logTail())")
  }

  /// Runs a blocking call off the pool on which the tests run.
  private static func blocking<Value: Sendable>(_ call: @escaping @Sendable () -> Value) async -> Value {
    await withCheckedContinuation { continuation in
      DispatchQueue(label: "stand-ins").async { continuation.resume(returning: call()) }
    }
  }
}
