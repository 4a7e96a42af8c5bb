import Foundation
import Glibc
import TestServers

/// `nghttpd`, which speaks HTTP/2 only and sends an upload back (Debian: apt install nghttp2-server).
final class HTTP2Server {
  let port: UInt16
  private let directory: TemporaryDirectory
  private let process: ServerProcess

  /// The authority that signed the server's certificate.
  var authorityFile: String { directory.file("ca.pem") }

  func url(_ path: String) -> String { "https://127.0.0.1:\(port)\(path)" }

  init() throws {
    directory = try TemporaryDirectory()
    try TestCertificates.make(in: directory)
    let arguments =
      ["--echo-upload", "-d", directory.path, "-a", "127.0.0.1", "0"]
      + [directory.file("server.key"), directory.file("server.pem")]
    process = try ServerProcess.start(program: "nghttpd", arguments: arguments) { _ in
      ["PATH=/usr/sbin:/usr/bin:/bin"]
    }
    do {
      port = try Self.listeningPort(of: process)
    } catch {
      process.stop()
      throw error
    }
  }

  func stop() { process.stop() }

  /// It is not told to anyone which port it got: the kernel's table of sockets says so once it listens. However busy the
  /// machine is, it listens or it ends; a test's own time limit bounds the rest.
  private static func listeningPort(of process: ServerProcess) throws -> UInt16 {
    while !process.hasEnded() {
      if let port = listeningPort(ofProcess: process.number) { return port }
      usleep(10_000)
    }
    throw TestCertificates.Failure(
      words: "nghttpd ended before it listened; scripts/setup installs it. It said:\n\(process.logTail())")
  }

  private static func listeningPort(ofProcess pid: pid_t) -> UInt16? {
    // Both are gone when it has ended meanwhile.
    guard let descriptors = try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/fd"),
      let table = try? String(contentsOfFile: "/proc/\(pid)/net/tcp", encoding: .utf8)
    else { return nil }
    let links = descriptors.compactMap {
      try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(pid)/fd/\($0)")
    }
    let listening = "0A"
    for line in table.split(separator: "\n").dropFirst() {
      let fields = line.split(separator: " ")
      guard fields.count > 9, fields[3] == listening, links.contains("socket:[\(fields[9])]") else { continue }
      return fields[1].split(separator: ":").last.flatMap { UInt16($0, radix: 16) }
    }
    return nil
  }
}
