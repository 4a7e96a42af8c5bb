import Foundation
import Glibc
import HTTPTransport

/// `openssl s_server` with a certificate for 127.0.0.1 by an authority of its own, all made for one test.
/// Needs the `openssl` command (Debian: apt install openssl).
final class TLSServer {
  let port: UInt16
  private let directory: TemporaryDirectory
  private let process: Process

  /// The authority that signed the server's certificate.
  var authorityFile: String { directory.file("ca.pem") }

  func url(_ path: String = "/") -> String { "https://127.0.0.1:\(port)\(path)" }

  /// Starts a server whose certificate names `subjectAlternativeName`, with further options of `openssl s_server`.
  init(subjectAlternativeName: String = "IP:127.0.0.1", options: [String] = []) throws {
    directory = try TemporaryDirectory()
    try TestCertificates.make(in: directory, subjectAlternativeName: subjectAlternativeName)
    let output = Pipe()
    process = TestCertificates.openssl(
      ["s_server", "-accept", "127.0.0.1:0", "-www", "-cert", directory.file("server.pem")]
        + ["-key", directory.file("server.key")] + options)
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    port = try Self.readPort(from: output.fileHandleForReading)
  }

  /// Killed, since a child inherits the signal mask of the thread that started it, which may block SIGTERM.
  func stop() {
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }

  /// The server says `ACCEPT 127.0.0.1:port` when it listens.
  private static func readPort(from output: FileHandle) throws -> UInt16 {
    var said = ""
    while !said.hasSuffix("\n") || !said.contains("ACCEPT") {
      let data = output.availableData
      guard !data.isEmpty else { throw TestCertificates.Failure(words: "openssl s_server ended: \(said)") }
      said += String(decoding: data, as: UTF8.self)
    }
    let line = said.split(separator: "\n").last { $0.hasPrefix("ACCEPT") }
    guard let port = line?.split(separator: ":").last.flatMap({ UInt16($0) }) else {
      throw TestCertificates.Failure(words: said)
    }
    return port
  }
}
