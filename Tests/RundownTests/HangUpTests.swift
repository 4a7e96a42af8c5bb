import FoundationEssentials
import Glibc
import Testing

@Suite("SIGHUP", .timeLimit(.minutes(20)))
struct HangUpTests {
  /// How often the program was asked for the engine's password.
  private func asked(_ studio: Studio) throws -> Int {
    try studio.folder.text("asked").split(separator: "\n").count
  }

  private func run(_ entry: String, in studio: Studio) async throws {
    #expect(try await studio.run(Studio.entry.map { $0 == "cam-01-s3" ? entry : $0 }).status == 0)
    let waited = try await studio.run(["wait", "--for", "completed"])
    #expect(waited.status == 0, "\(waited.errors)")
  }

  @Test("makes a worker drop its secrets, read them again and go on; none of them is logged")
  func reload() async throws {
    try await Studio.open { studio in
      let text = try studio.folder.text("rundown.yaml")
      try studio.folder.write(
        "rundown.yaml",
        text.replacing(
          "{file: secret-password}",
          with: "{command: [sh, -c, 'echo once >> asked; cat secret-password'], ttl: 86400}"))
      let worker = try studio.start(["worker"])
      try await run("cam-1", in: studio)
      try await run("cam-2", in: studio)
      #expect(try asked(studio) == 1)
      worker.signal(SIGHUP)
      try await eventually { worker.errors.contains("secrets reloaded references=4 unreadable=0") }
      try await run("cam-3", in: studio)
      #expect(try asked(studio) == 2)
      // A file that is gone is told of, and the worker goes on.
      unlink("\(studio.folder.path)/secret-push-id")
      worker.signal(SIGHUP)
      try await eventually { worker.errors.contains("secrets reloaded references=4 unreadable=1") }
      #expect(worker.errors.contains("cannot read a secret"))
      #expect(!worker.errors.contains("stopping"))
      worker.signal(SIGTERM)
      let ended = try await worker.end()
      #expect(ended.status == 0, "\(ended.errors)")
      for secret in Studio.secrets { #expect(!ended.errors.contains(secret)) }
      #expect(try await studio.engine().created == 3)
    }
  }

  @Test("ends a worker whose terminal was closed, as SIGTERM does")
  func closedTerminal() async throws {
    let folder = try Folder()
    try folder.write("terminal.py", Self.terminal)
    let ended = try await Command.shell("python3 terminal.py", in: folder)
    #expect(ended.status == 0 && ended.output == "0\n", "\(ended.output)\(ended.errors)")
    // It took its name off the list: it was not killed.
    let status = try await Command.shell("rundown status --json", in: folder)
    #expect(
      status.status == 0 && status.output.filter({ !$0.isWhitespace }).contains(#""workers":[]"#),
      "\(status.output)\(status.errors)")
  }

  /// Runs a worker on a terminal of its own, closes that once the worker serves, and tells how the worker ended.
  private static let terminal = """
    import os, pty, signal
    child, terminal = pty.fork()
    if child == 0:
        signal.signal(signal.SIGHUP, signal.SIG_DFL)
        os.execvp("rundown", ["rundown", "worker"])
    told = b""
    while b"worker started" not in told:
        told += os.read(terminal, 4096)
    os.close(terminal)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
    """
}
