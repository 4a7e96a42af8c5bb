import Glibc
import Testing

/// Where two workers of one queue file run.
struct Surroundings: Sendable, CustomTestStringConvertible {
  let testDescription: String
  /// What starts the shell that starts both.
  var both: [String] = []
  /// What starts the one that holds the jobs.
  var holder: [String] = []
  /// What starts the one that looks for lost workers.
  var watcher: [String] = []
  /// What the shell does once both run.
  var then = "true"

  private static let unshare = "/usr/bin/unshare"
  private static let newProcesses = [unshare, "--pid", "--fork", "--kill-child"]

  /// In all of these the holder is alive, and nothing may be taken from it.
  static let all = [
    Surroundings(testDescription: "side by side"),
    Surroundings(
      testDescription: "in one process namespace, with the /proc of another one", both: newProcesses),
    Surroundings(testDescription: "the watcher in another process namespace", watcher: newProcesses),
    Surroundings(
      testDescription: "the watcher in another process namespace with its own /proc",
      watcher: newProcesses + ["--mount-proc"]),
    Surroundings(testDescription: "the holder in another process namespace", holder: newProcesses),
    Surroundings(
      testDescription: "the holder in another process namespace with its own /proc",
      holder: newProcesses + ["--mount-proc"]),
    Surroundings(
      testDescription: "the watcher in another time namespace",
      watcher: [unshare, "--time", "--boottime", "100000", "--fork", "--kill-child"]),
    Surroundings(
      testDescription: "the watcher sees no process of others",
      watcher: [
        unshare, "--mount", "/bin/sh", "-c",
        "mount -t proc -o hidepid=2 proc /proc && exec setpriv --bounding-set=-sys_ptrace --inh-caps=-sys_ptrace \"$@\"",
        "sh",
      ]),
    Surroundings(
      testDescription: "both lose their /proc while they run", both: [unshare, "--mount"],
      then: "mount -t tmpfs none /proc"),
  ]

  /// In these the watcher can prove that the holder is gone.
  static let proving = [
    Surroundings(testDescription: "side by side"),
    Surroundings(
      testDescription: "in one process namespace, with the /proc of another one", both: newProcesses),
    Surroundings(
      testDescription: "both lose their /proc while they run", both: [unshare, "--mount"],
      then: "mount -t tmpfs none /proc"),
  ]

  /// In these it cannot: the holder's processes are none of the watcher's.
  static let apart = all.filter { $0.holder != $0.watcher }

  /// Starts the holder, and when it runs the jobs the watcher; says when both are there. `$1` is the queue file, `$2` the
  /// folder, `$3` what is done to the holder then.
  func script(_ trial: String, lease: Int) -> String {
    func start(_ prefix: [String]) -> String {
      let words = prefix.map { "'\($0)'" } + ["'\(trial)'"]
      return words.joined(separator: " ") + " work \"$1\" tally=\"$2/tally\" slots=2 lease=\(lease) idle=yes"
    }
    return """
      until_lines() { while [ "$(cat "$2/tally" 2>/dev/null | wc -l)" -lt "$1" ]; do sleep 0.1; done; }
      \(start(holder)) & holder=$!
      until_lines 2 "$2"
      \(start(watcher)) & watcher=$!
      sleep 1; \(then); eval "$3"
      wait $watcher || exit 3
      wait $holder; true
      """
  }

  /// Whether this process may make namespaces.
  static let areAllowed: Bool = {
    guard geteuid() == 0, access(unshare, X_OK) == 0, access(Child.setpriv, X_OK) == 0 else { return false }
    let words = "--pid --fork --mount --mount-proc --time /bin/true"
    return system("\(unshare) \(words) >/dev/null 2>&1") == 0
  }()
}

extension Trials {
  @Suite(
    "Workers that see different processes",
    .enabled(if: Surroundings.areAllowed, "needs root and namespaces of its own (unshare)"), .timeLimit(.minutes(20)))
  struct NamespaceTests {
    @Test("take nothing from each other while both live")
    func nothingStolen() async throws {
      // Each takes ten seconds, nearly all of it waiting: a watcher looks three times while the jobs run.
      try await withThrowingTaskGroup(of: Void.self) { group in
        for surroundings in Surroundings.all {
          group.addTask {
            try await Stage.open { stage in
              #expect(try await stage.enqueue("count=2", "batch=2", "job=9000").end().status == 0)
              let end = try await Self.run(surroundings, on: stage, lease: 15_000, then: "true")
              #expect(end.status == 0, "\(surroundings.testDescription): \(end.errors)")
              let inspection = try Inspection(stage)
              #expect(inspection.problems.isEmpty, "\(surroundings.testDescription)")
              #expect(inspection.lost == 0 && inspection.runs.count == 2, "\(surroundings.testDescription)")
            }
          }
        }
        try await group.waitForAll()
      }
    }

    @Test("in one process namespace take the jobs of one that is killed long before its lease ends")
    func proven() async throws {
      try await withThrowingTaskGroup(of: Void.self) { group in
        for surroundings in Surroundings.proving {
          group.addTask {
            try await Stage.open { stage in
              #expect(try await stage.enqueue("count=2", "batch=2", "job=2500").end().status == 0)
              // Waiting for the lease would take longer than the test may.
              let end = try await Self.run(surroundings, on: stage, lease: 3_600_000, then: "kill -9 $holder")
              #expect(end.status == 0, "\(surroundings.testDescription): \(end.errors)")
              let inspection = try Inspection(stage)
              #expect(inspection.problems.isEmpty, "\(surroundings.testDescription)")
              #expect(inspection.lost == 2, "\(surroundings.testDescription)")
              #expect(try QueueFile.value("SELECT max(crashes) FROM job", in: stage.database) == "1")
            }
          }
        }
        try await group.waitForAll()
      }
    }

    @Test("in different ones take the jobs of one that is killed when its lease ends")
    func unproven() async throws {
      try await withThrowingTaskGroup(of: Void.self) { group in
        for surroundings in Surroundings.apart {
          group.addTask {
            try await Stage.open { stage in
              #expect(try await stage.enqueue("count=2", "batch=2", "job=2500").end().status == 0)
              let end = try await Self.run(surroundings, on: stage, lease: 5000, then: "kill -9 $holder")
              #expect(end.status == 0, "\(surroundings.testDescription): \(end.errors)")
              let inspection = try Inspection(stage)
              #expect(inspection.problems.isEmpty, "\(surroundings.testDescription)")
              #expect(inspection.lost == 2, "\(surroundings.testDescription)")
            }
          }
        }
        try await group.waitForAll()
      }
    }

    private static func run(
      _ surroundings: Surroundings, on stage: Stage, lease: Int, then action: String
    ) async throws -> Child.Ended {
      let script = surroundings.script(try Child.path(of: "rundown-trial"), lease: lease)
      let words = [stage.database, stage.folder, action]
      guard let first = surroundings.both.first else { return try await stage.shell(script, words).end() }
      let rest = surroundings.both.dropFirst() + ["/bin/sh", "-c", script, "sh"] + words
      return try await stage.program(first, Array(rest)).end()
    }
  }
}
