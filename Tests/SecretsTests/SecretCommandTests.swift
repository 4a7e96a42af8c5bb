import Foundation
import Secrets
import Synchronization
import Testing
import Wire

@Suite("A program that prints a secret")
struct SecretCommandTests {
  private let path = ["PATH": "/usr/bin:/bin"]

  private func run(_ arguments: [String], _ environment: [String: String]) throws -> SecretCommand.Result {
    try SecretCommand.run(arguments, environment: environment, timeoutSeconds: 60, now: { ContinuousClock.now })
  }

  @Test("its output is the secret; its failure is told")
  func program() throws {
    let good = try run(["printf", "value"], path)
    #expect(good.succeeded && good.output == Array("value".utf8))
    #expect(try !run(["false"], path).succeeded)
  }

  @Test("it has the environment it was given, and nothing of this process's own")
  func environment() throws {
    let given = path.merging(["VAULT_ADDR": "https://vault.test"]) { $1 }
    let output = String(decoding: try run(["env"], given).output, as: UTF8.self)
    #expect(output.split(separator: "\n").sorted() == ["PATH=/usr/bin:/bin", "VAULT_ADDR=https://vault.test"])
  }

  @Test("it is looked up on the PATH it was given, past what may not be run")
  func lookup() throws {
    let root = FileManager.default.temporaryDirectory.appendingPathComponent("rundown-secrets-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: root) }
    func place(_ folder: String) throws -> String {
      let directory = root.appendingPathComponent(folder)
      try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
      return directory.appendingPathComponent("printed-secret").path
    }
    let locked = try place("locked")
    try Data("#!/bin/sh\necho locked\n".utf8).write(to: URL(fileURLWithPath: locked))
    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: locked)
    // A link, since a program that was just written cannot be run while another test's new child has it open.
    try FileManager.default.createSymbolicLink(atPath: try place("open"), withDestinationPath: "/usr/bin/printf")
    let both = "\(root.path)/none:\(root.path)/locked:\(root.path)/open"
    #expect(try run(["printed-secret", "open"], ["PATH": both]).output == Array("open".utf8))
    #expect(throws: SystemError(number: EACCES)) { try run(["printed-secret"], ["PATH": "\(root.path)/locked"]) }
    #expect(throws: SystemError(number: ENOENT)) { try run(["printed-secret"], path) }
    #expect(throws: SystemError(number: ENOENT)) { try run(["printf", "x"], ["PATH": "\(root.path)/none"]) }
  }

  @Test("it is ended when its time is up by the clock that was given, with the children it started")
  func timeout() throws {
    let start = ContinuousClock.now
    let readings = Atomic(0)
    // The first reading sets the deadline, all others are past it.
    let result = try SecretCommand.run(
      ["sh", "-c", "echo early; sleep 600 & sleep 600"], environment: path, timeoutSeconds: 30,
      now: {
        readings.add(1, ordering: .relaxed).newValue == 1 ? start : start + .seconds(31)
      })
    #expect(result.end == .timedOut)
    #expect(!result.succeeded)
    #expect(ContinuousClock.now - start < .seconds(300))
  }

  @Test("of its failure the status is told, or the signal, and never what it said")
  func failure() async throws {
    let resolver = SecretResolver(environment: path, now: { ContinuousClock.now })
    let ends = [
      "exit 3": "it exited with status 3", "kill -9 $$": "it was killed by signal 9",
    ]
    for (end, cause) in ends {
      let script = "echo canary-out; echo canary-err >&2; echo canary-tty >/dev/tty; \(end)"
      let error = await #expect(throws: SecretError.self) {
        try await resolver.resolve(.command(["sh", "-c", script], ttlSeconds: nil))
      }
      #expect(error?.cause == cause)
      #expect(error?.reference == "command:sh")
      #expect(error.map { !"\($0)".contains("canary") } == true)
    }
  }

  /// One in the program's group, one in a group of its own, each with our pipe open.
  @Test("what it left behind ends with it and keeps nobody waiting", arguments: ["", "set -m; "])
  func leftBehind(mode: String) throws {
    let result = try run(["bash", "-c", "\(mode)sleep 1000 & echo $!"], path)
    #expect(result.succeeded)
    let child = try #require(pid_t(String(decoding: result.output, as: UTF8.self).filter(\.isNumber)))
    // It is killed, and nobody of ours collects it: who adopts it may take a moment.
    let state = try? String(contentsOfFile: "/proc/\(child)/stat", encoding: .utf8)
    #expect(state.map { $0.contains(") Z ") || !$0.contains("(sleep)") } ?? true, "\(state ?? "")")
  }

  @Test("a secret that is kept is asked for again once it is to be forgotten")
  func forgotten() async throws {
    let answers = Atomic(0)
    let resolver = SecretResolver(
      environment: [:], now: { ContinuousClock.now },
      runCommand: { _ in
        let number = answers.add(1, ordering: .relaxed).newValue
        return SecretCommand.Result(end: .exited(0), output: Array("secret-\(number)".utf8))
      })
    let reference = SecretReference.command(["vault"], ttlSeconds: 3600)
    #expect(try await resolver.resolve(reference).reveal() == "secret-1")
    #expect(try await resolver.resolve(reference).reveal() == "secret-1")
    await resolver.forget()
    #expect(try await resolver.resolve(reference).reveal() == "secret-2")
    #expect(try await resolver.resolve(reference).reveal() == "secret-2")
  }

  // resolver                                 | operator
  // -----------------------------------------+---------------------
  // the program is asked, prints the old one |
  //                                          | SIGHUP: forget
  // its answer comes, and is not kept        |
  @Test("an answer that was on its way when all was to be forgotten is not kept")
  func forgottenOnItsWay() async throws {
    let answers = Atomic(0)
    let (begun, begin) = AsyncStream.makeStream(of: Void.self)
    let mayEnd = DispatchSemaphore(value: 0)
    let resolver = SecretResolver(
      environment: [:], now: { ContinuousClock.now },
      runCommand: { _ in
        let number = answers.add(1, ordering: .relaxed).newValue
        if number == 1 {
          begin.yield()
          mayEnd.wait()
        }
        return SecretCommand.Result(end: .exited(0), output: Array("secret-\(number)".utf8))
      })
    let reference = SecretReference.command(["vault"], ttlSeconds: 3600)
    async let first = resolver.resolve(reference)
    for await _ in begun { break }
    await resolver.forget()
    mayEnd.signal()
    #expect(try await first.reveal() == "secret-1")
    #expect(try await resolver.resolve(reference).reveal() == "secret-2")
  }

  @Test("a resolver runs programs in its own environment and by its own clock")
  func resolver() async throws {
    let resolver = SecretResolver(
      environment: path.merging(["TOKEN_OF_TEST": "from the environment"]) { $1 }, now: { ContinuousClock.now })
    let secret = try await resolver.resolve(.command(["sh", "-c", "echo $TOKEN_OF_TEST"], ttlSeconds: nil))
    #expect(secret.reveal() == "from the environment")
    let start = ContinuousClock.now
    let readings = Atomic(0)
    let late = SecretResolver(
      environment: path,
      now: {
        start + .seconds(readings.add(1, ordering: .relaxed).newValue * 31)
      })
    do {
      _ = try await late.resolve(.command(["sleep", "600"], ttlSeconds: nil))
      Issue.record("it was awaited")
    } catch let error as SecretError {
      #expect(error.code == .commandFailed)
      #expect(error.cause == "it took too long and was stopped")
    }
  }
}
