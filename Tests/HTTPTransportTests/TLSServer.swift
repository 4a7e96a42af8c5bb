import Foundation
import Glibc
import HTTPTransport

/// `openssl s_server` with a certificate for 127.0.0.1 by an authority of its own, all made for one test.
/// Needs the `openssl` command (Debian: apt install openssl).
final class TLSServer {
  struct Failure: Error {
    let words: String
  }

  let port: UInt16
  private let directory: TemporaryDirectory
  private let process: Process

  /// The authority that signed the server's certificate.
  var authorityFile: String { directory.file("ca.pem") }

  func url(_ path: String = "/") -> String { "https://127.0.0.1:\(port)\(path)" }

  /// Starts a server whose certificate names `subjectAlternativeName`, with further options of `openssl s_server`.
  init(subjectAlternativeName: String = "IP:127.0.0.1", options: [String] = []) throws {
    directory = try TemporaryDirectory()
    try Self.makeCertificates(in: directory, subjectAlternativeName)
    let output = Pipe()
    process = Self.openssl(
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

  private static func makeCertificates(in directory: TemporaryDirectory, _ subjectAlternativeName: String) throws {
    let authority = ["-keyout", directory.file("ca.key"), "-out", directory.file("ca.pem")]
    let server = ["-keyout", directory.file("server.key"), "-out", directory.file("server.pem")]
    let new = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
    try run(new + authority + ["-subj", "/CN=Test authority"])
    try run(
      new + server + ["-subj", "/CN=Test server", "-addext", "subjectAltName=\(subjectAlternativeName)"]
        + ["-addext", "basicConstraints=critical,CA:FALSE"]
        + ["-CA", directory.file("ca.pem"), "-CAkey", directory.file("ca.key")])
  }

  private static func run(_ arguments: [String]) throws {
    let process = openssl(arguments)
    let errors = Pipe()
    process.standardError = errors
    try process.run()
    let words = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw Failure(words: String(decoding: words, as: UTF8.self)) }
  }

  private static func openssl(_ arguments: [String]) -> Process {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["openssl"] + arguments
    return process
  }

  /// The server says `ACCEPT 127.0.0.1:port` when it listens.
  private static func readPort(from output: FileHandle) throws -> UInt16 {
    var said = ""
    while !said.hasSuffix("\n") || !said.contains("ACCEPT") {
      let data = output.availableData
      guard !data.isEmpty else { throw Failure(words: "openssl s_server ended: \(said)") }
      said += String(decoding: data, as: UTF8.self)
    }
    let line = said.split(separator: "\n").last { $0.hasPrefix("ACCEPT") }
    guard let port = line?.split(separator: ":").last.flatMap({ UInt16($0) }) else { throw Failure(words: said) }
    return port
  }
}
