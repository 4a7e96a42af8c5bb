import Glibc
import Testing

extension Trials {
  @Suite("A pool of threads that cannot be counted", .timeLimit(.minutes(20)))
  struct ThreadPoolTests {
    /// The pool counts its running threads in /proc, once a second and when it has more to do than threads. Not every
    /// process meets that, so it is several.
    private static let script = """
      mount -t tmpfs none /proc || exit 0
      for round in 1 2 3 4 5 6 7 8; do "$1" crowd - || exit; done
      """

    @Test("goes on working without /proc", .enabled(if: geteuid() == 0, "needs root"))
    func busy() async throws {
      try await Stage.open { stage in
        let trial = try Child.path(of: "rundown-trial")
        let words = ["--mount", "/bin/sh", "-c", Self.script, "sh", trial]
        let ended = try await stage.program("/usr/bin/unshare", words).end()
        // Where a sandbox forbids it nothing is shown.
        if ended.errors.contains("unshare:") { return }
        #expect(ended.status == 0, "\(ended.status) \(ended.errors)")
      }
    }
  }
}
