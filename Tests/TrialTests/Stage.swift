import FoundationEssentials
import Glibc
import Testing

/// A folder with a queue file and the processes that share it. Whatever a test leaves running is killed at its end.
actor Stage {
  nonisolated let folder: String
  private let disk: Disk?
  private var children: [Child] = []

  /// Runs `body` on a stage of its own.
  /// - Parameter diskMegabytes: when given, the queue file lies on a file system of that size.
  static func open(diskMegabytes: Int? = nil, _ body: (Stage) async throws -> Void) async throws {
    let stage = try Stage(diskMegabytes: diskMegabytes)
    do {
      try await body(stage)
    } catch {
      await stage.clear()
      throw error
    }
    await stage.clear()
  }

  private init(diskMegabytes: Int?) throws {
    folder = FileManager.default.temporaryDirectory.path + "/rundown-trial-\(UUID().uuidString)"
    place = "\(folder)/place"
    try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
    disk = try diskMegabytes.map { [place] in try Disk(at: place, megabytes: $0) }
  }

  /// The directory of the queue file; what the processes write beside it goes to the folder.
  nonisolated let place: String
  nonisolated var database: String { "\(place)/queue.db" }

  /// Starts `rundown-trial work`.
  func work(_ options: String...) throws -> Child {
    try trial(["work", database, "tally=\(folder)/tally"] + options)
  }

  /// Starts `rundown-trial enqueue`.
  func enqueue(_ options: String...) throws -> Child {
    try trial(["enqueue", database, "acknowledged=\(folder)/acknowledged"] + options)
  }

  /// Starts the real command on a queue file.
  /// - Parameters:
  ///   - user: whoever starts it; another one only for root.
  ///   - other: another file than the stage's own.
  func rundown(_ words: [String], as user: uid_t = geteuid(), database other: String? = nil) throws -> Child {
    let command = words + ["--database", other ?? database]
    if user == geteuid() { return try start("rundown", command) }
    return try start(Child.setpriv, Child.becoming(user) + [try Child.path(of: "rundown")] + command)
  }

  /// Starts a shell; the script's `$1` and so on are `words`.
  func shell(_ script: String, _ words: [String]) throws -> Child {
    try start("/bin/sh", ["-c", script, "sh"] + words)
  }

  /// Starts a program of the machine.
  func program(_ path: String, _ words: [String]) throws -> Child { try start(path, words) }

  /// Starts `rundown-chaos` in a folder of its own here.
  func storm(_ options: String...) throws -> Child {
    try start("rundown-chaos", ["--folder", "\(folder)/storm"] + options)
  }

  /// Starts `rundown-faults run`.
  func faults(_ options: [String]) throws -> Child { try start("rundown-faults", ["run"] + options) }

  /// How large a file a process may write from now on.
  func limitFiles(of child: Child, to bytes: String) async throws {
    let words = ["--pid", "\(child.process)", "--fsize=\(bytes):unlimited"]
    #expect(try await start("/usr/bin/prlimit", words).end().status == 0)
  }

  /// The lines of a file here; none when it is missing.
  nonisolated func lines(_ name: String) -> [String] {
    guard let data = try? Data(contentsOf: URL(filePath: "\(folder)/\(name)")) else { return [] }
    return String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
  }

  nonisolated func write(_ name: String, _ text: String) throws {
    try Data(text.utf8).write(to: URL(filePath: "\(folder)/\(name)"))
  }

  private func trial(_ words: [String]) throws -> Child { try start("rundown-trial", words) }

  private func start(_ program: String, _ words: [String]) throws -> Child {
    let child = try Child(program, words, output: "\(folder)/\(children.count)")
    children.append(child)
    return child
  }

  private func clear() async {
    for child in children { await child.kill() }
    disk?.remove()
    try? FileManager.default.removeItem(atPath: folder)
  }
}

extension Stage {
  /// How many workers are known; none while there is no file.
  nonisolated func workers() -> Int {
    (try? QueueFile.value("SELECT count(*) FROM worker", in: database)).flatMap { Int($0) } ?? 0
  }
}
