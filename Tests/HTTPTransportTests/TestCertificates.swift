import Foundation

/// A server's certificate by an authority of its own, made by the `openssl` command (Debian: apt install openssl).
enum TestCertificates {
  struct Failure: Error {
    let words: String
  }

  /// Leaves `ca.pem`, `server.pem` and `server.key` in the directory.
  static func make(in directory: TemporaryDirectory, subjectAlternativeName: String = "IP:127.0.0.1") throws {
    let authority = ["-keyout", directory.file("ca.key"), "-out", directory.file("ca.pem")]
    let server = ["-keyout", directory.file("server.key"), "-out", directory.file("server.pem")]
    let new = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
    try run(new + authority + ["-subj", "/CN=Test authority"])
    try run(
      new + server + ["-subj", "/CN=Test server", "-addext", "subjectAltName=\(subjectAlternativeName)"]
        + ["-addext", "basicConstraints=critical,CA:FALSE"]
        + ["-CA", directory.file("ca.pem"), "-CAkey", directory.file("ca.key")])
  }

  static func openssl(_ arguments: [String]) -> Process {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["openssl"] + arguments
    return process
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
}
