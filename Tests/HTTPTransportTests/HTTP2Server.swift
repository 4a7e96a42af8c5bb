import Foundation
import Glibc

/// `nghttpd`, which speaks HTTP/2 only and sends an upload back (Debian: apt install nghttp2-server).
final class HTTP2Server {
  let port: UInt16
  private let directory: TemporaryDirectory
  private let process: Process

  /// The authority that signed the server's certificate.
  var authorityFile: String { directory.file("ca.pem") }

  func url(_ path: String) -> String { "https://127.0.0.1:\(port)\(path)" }

  init() throws {
    directory = try TemporaryDirectory()
    try TestCertificates.make(in: directory)
    process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments =
      ["nghttpd", "--echo-upload", "-d", directory.path, "-a", "127.0.0.1", "0"]
      + [directory.file("server.key"), directory.file("server.pem")]
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    process.environment = ProcessInfo.processInfo.environment.merging(
      ["PATH": "/usr/sbin:/usr/bin:/bin"], uniquingKeysWith: { _, new in new })
    try process.run()
    port = try Self.listeningPort(of: process)
  }

  func stop() {
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }

  /// It is not told to anyone which port it got: the kernel's table of sockets says so once it listens.
  private static func listeningPort(of process: Process) throws -> UInt16 {
    let patience = ContinuousClock.now + .seconds(60)
    while process.isRunning, ContinuousClock.now < patience {
      if let port = try listeningPort(ofProcess: process.processIdentifier) { return port }
      usleep(2000)
    }
    throw TestCertificates.Failure(words: "nghttpd does not listen; scripts/setup installs it")
  }

  private static func listeningPort(ofProcess pid: pid_t) throws -> UInt16? {
    let descriptors = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/fd")
    let links = descriptors.compactMap {
      try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(pid)/fd/\($0)")
    }
    let table = try String(contentsOfFile: "/proc/\(pid)/net/tcp", encoding: .utf8)
    let listening = "0A"
    for line in table.split(separator: "\n").dropFirst() {
      let fields = line.split(separator: " ")
      guard fields.count > 9, fields[3] == listening, links.contains("socket:[\(fields[9])]") else { continue }
      return fields[1].split(separator: ":").last.flatMap { UInt16($0, radix: 16) }
    }
    return nil
  }
}
