import Glibc
import Testing

@Suite("Odd surroundings get one message and the right status", .timeLimit(.minutes(20)))
struct SurroundingsTests {
  private static let enqueue = "rundown enqueue restream-asset --connection main --asset-id a"
  private static let upload = "rundown enqueue upload-recording --connection media --bucket example-live"

  static let streamLines: [(String, Int32)] = [
    (enqueue + " <&-", 0), (enqueue + " >&-", 1), (enqueue + " 2>&-", 0), (enqueue + " <&- >&- 2>&-", 1),
    (enqueue + " >/dev/full", 1), (enqueue + " 2>/dev/full", 0), (enqueue + " | true; exit ${PIPESTATUS[0]}", 0),
    ("rundown enqueue - <&-", 2),
  ]

  static let wrongTexts: [(String, String)] = [
    (upload + #" --file a.mp4 --key "$(printf 'caf\xe9.mp4')""#, "--key is not valid UTF-8"),
    (upload + #" --file a.mp4 --key="$(printf 'caf\xe9.mp4')""#, "--key is not valid UTF-8"),
    (upload + #" --file "$(printf 'caf\xe9.mp4')" --key k"#, "--file is not valid UTF-8"),
    (#"rundown enqueue "$(printf 'caf\xe9.yaml')""#, "an argument is not valid UTF-8"),
    (#"rundown jobs list --json "$(printf '\xff')""#, "an argument is not valid UTF-8"),
    (#"rundown jobs list -l "$(printf 'a=\xff')""#, "-l is not valid UTF-8"),
    (#"RUNDOWN_DATABASE="$(printf 'caf\xe9.db')" rundown status"#, "RUNDOWN_DATABASE is not valid UTF-8"),
    (#"d="$(printf 'caf\xe9')"; mkdir "$d"; cd "$d"; "# + upload + " --file a.mp4 --key k", "not valid UTF-8"),
  ]

  private func run(_ line: String, in folder: Folder) async throws -> Command.Ended {
    let ended = try await Command.shell("export SWIFT_BACKTRACE=enable=no; \(line)", in: folder)
    #expect(ended.status < 128, "\(line): \(ended.status) \(ended.errors)")
    return ended
  }

  @Test("arguments are those that the process was started with, though a library has moved the environment")
  func preloaded() async throws {
    let folder = try Folder()
    guard access("/usr/bin/cc", X_OK) == 0 else { return }
    try folder.write(
      "move.c",
      """
      #include <stdlib.h>
      __attribute__((constructor)) static void move(void) {
        for (char name[] = "MOVED_A"; name[6] <= 'Z'; name[6]++) setenv(name, "moved", 1);
      }
      """)
    let ended = try await run(
      "/usr/bin/cc -shared -fPIC -o move.so move.c && LD_PRELOAD=./move.so \(Self.enqueue)", in: folder)
    #expect(ended.status == 0 && ended.output == "1\n", "\(ended.errors)")
  }

  /// What of /proc is missing, empty or may not be read, as the shell brings it about for itself before it becomes the
  /// command; the last word is the command.
  static let lackOfProc = [
    "mount -t tmpfs none /proc", "mount --bind nothing /proc/$$/maps", "mount --bind nothing /proc/$$/cmdline",
    "mount --bind nothing /proc/$$/maps && mount --bind nothing /proc/$$/cmdline",
    "mount --bind nothing /proc/$$/maps && exec setpriv --reuid=62800 --regid=62800 --clear-groups --inh-caps=-all",
  ]

  @Test("arguments need no /proc, nor one whose maps can be read", .enabled(if: getuid() == 0), arguments: lackOfProc)
  func withoutProc(change: String) async throws {
    let folder = try Folder()
    chmod(folder.path, 0o777)
    // To another user than root this is unreadable, to root empty.
    try folder.write("nothing", "", mode: 0)
    let start = change.contains("exec") ? "" : " && exec"
    // The configuration lacks the job's connection: the worker holds it, and says so with 3.
    for (command, output, status) in [
      (Self.enqueue, "1\n", 0), ("rundown jobs list -o name", "1\n", 0), ("rundown worker --once", "", 3),
    ] as [(String, String, Int32)] {
      let ended = try await run("unshare --mount sh -c '\(change)\(start) \(command)'", in: folder)
      // Where a sandbox forbids mounting, nothing is shown either way.
      if ["unshare", "mount:", "setpriv"].contains(where: { ended.errors.contains($0) }) { return }
      #expect(ended.status == status && ended.output == output, "\(command): \(ended.status) \(ended.errors)")
    }
  }

  @Test("an empty list of arguments is an error")
  func empty() async throws {
    let ended = try await run("exec -a '' rundown", in: try Folder())
    #expect(ended.status == 2 && ended.output.isEmpty && ended.errors.contains("RD0301"))
  }

  @Test(
    "text that is not UTF-8 is refused by the name of its flag, never changed", arguments: wrongTexts)
  func notUTF8(line: String, message: String) async throws {
    let folder = try Folder()
    let ended = try await run(line, in: folder)
    #expect(ended.status == 2 && ended.output.isEmpty && ended.errors.contains(message), "\(ended.errors)")
    #expect(!folder.exists("rundown.db"))
  }

  @Test("a queue file in a folder whose name is not UTF-8 is refused, and none is created")
  func folderNotUTF8() async throws {
    let folder = try Folder()
    let line = #"d="$(printf 'caf\xe9')"; mkdir "$d"; cd "$d"; "# + Self.enqueue
    let ended = try await run("\(line) --database x.db; s=$?; [ -z \"$(ls -A)\" ] && exit $s", in: folder)
    #expect(ended.status == 12 && ended.errors.contains("not valid UTF-8"), "\(ended.status) \(ended.errors)")
  }

  @Test(
    "uploads.roots are absolute folders, and doctor says what they mean",
    arguments: [
      ("[/]", 0, "can read only /"), ("[/nowhere]", 1, "/nowhere in uploads.roots is not a folder"),
      ("[recordings]", 2, "RD0106"), ("[]", 2, "RD0106"), ("/srv", 2, "RD0106"), ("[/, 'a']", 2, "RD0106"),
    ] as [(String, Int32, String)])
  func roots(list: String, status: Int32, message: String) async throws {
    let folder = try Folder()
    try folder.write("rundown.yaml", "apiVersion: rundown/v1\nkind: Config\nuploads: {roots: \(list)}\n")
    let ended = try await run("rundown doctor", in: folder)
    #expect(ended.status == status, "\(ended.errors)")
    #expect((ended.output + ended.errors).contains(message), "\(ended.output) \(ended.errors)")
  }

  @Test("a variable that nobody reads may be anything")
  func otherVariable() async throws {
    let ended = try await run(#"OTHER="$(printf '\xff')" "# + Self.enqueue, in: try Folder())
    #expect(ended.status == 0 && ended.output == "1\n")
  }

  /// From too low for any command up to where all of them work. Below 8 descriptors the shell and the loader fail first.
  static let limits =
    (3...40).map { "ulimit -n \($0)" } + [100, 200, 300, 400, 500, 600, 800, 1200].map { "ulimit -v \($0)000" }
    + [64, 256, 511, 512, 1024].map { "ulimit -s \($0)" } + [20, 100, 500, 700].map { "ulimit -d \($0)000" }
    + [0, 1, 4, 31, 32, 64, 100, 200, 1000].map { "ulimit -f \($0)" }

  @Test("under a low limit every command works or says what is short; none ends by a signal", arguments: limits)
  func limited(limit: String) async throws {
    let folder = try Folder()
    for command in [Self.enqueue, "rundown worker --once", "rundown status", "rundown jobs list", "rundown doctor"] {
      let ended = try await run("\(limit) || exit 99; exec \(command)", in: folder)
      guard ended.errors.contains("error[") else { continue }
      // Where doctor itself works it tells of the limit as a finding.
      let isFinding = command == "rundown doctor" && ended.status == 1 && ended.errors.contains("error[findings]")
      // The configuration lacks the job's connection: a worker that works holds it.
      let isHeld = ended.status == 3 && ended.errors.contains("error[not-reached]: 1 job is held")
      // What is left of a file that could not be made holds no queue, whatever the limit.
      let isEmpty = ended.status == 7 && ended.errors.contains("the file is empty")
      #expect(
        [5, 12].contains(ended.status) || isFinding || isHeld || isEmpty,
        "\(limit), \(command): \(ended.status) \(ended.errors)")
      #expect(ended.errors.split(separator: "\n").count { $0.contains("error[") } == 1)
    }
  }

  // The kernel maps a program whole before a byte of it runs, the loader included; where the limit forbids that it ends
  // the process by SIGSEGV itself, and there is nobody yet to say why.
  @Test("the least memory that the system itself needs to start the program is enough for a message")
  func leastMemory() async throws {
    let (all, writable) = try ProgramImage.kibibytes(of: Command.executable)
    let folder = try Folder()
    // The loader, the first stack and the rounding to pages.
    let more = 1024
    for limit in stride(from: all + more, to: all * 4, by: all / 4).map({ "ulimit -v \($0)" })
      + stride(from: writable + more / 4, to: writable * 6, by: writable / 3).map({ "ulimit -d \($0)" })
    {
      let ended = try await run("\(limit) || exit 99; exec rundown status", in: folder)
      // 127 is the loader's, which names the library for which there was no room.
      let isTold =
        ended.status == 127 ? ended.errors.contains("loading shared") : ended.errors.contains("error[limits]")
      #expect([5, 127].contains(ended.status) && isTold, "\(limit): \(ended.status) \(ended.errors)")
    }
  }

  @Test(
    "without a thread to be had a command says so", .enabled(if: getuid() == 0 && access("/usr/bin/setpriv", X_OK) == 0)
  )
  func noThreads() async throws {
    let folder = try Folder()
    chmod(folder.path, 0o777)
    for count in [1, 2, 4, 8, 12, 16, 24] {
      let user = 62_000 + count
      let ended = try await run(
        "ulimit -u \(count); exec setpriv --reuid=\(user) --regid=\(user) --clear-groups --inh-caps=-all -- \(Self.enqueue)",
        in: folder)
      if ended.errors.contains("setpriv") { return }
      #expect([0, 5, 12].contains(ended.status), "\(count): \(ended.status) \(ended.errors)")
    }
  }

  @Test(
    "a standard stream that is closed, full or gone spoils nothing but itself", arguments: streamLines)
  func streams(line: String, status: Int32) async throws {
    let folder = try Folder()
    #expect(try await run(line, in: folder).status == status)
    if line.hasPrefix(Self.enqueue) {
      #expect(try await run("rundown jobs list -o name", in: folder).output == "1\n")
    }
  }

  @Test("without HOME or the current folder, and with files that may not grow, there is a message")
  func homeless() async throws {
    let folder = try Folder()
    #expect(try await run("unset HOME; \(Self.enqueue)", in: folder).status == 0)
    let gone = try await run("mkdir d; cd d; rmdir ../d; \(Self.enqueue)", in: folder)
    #expect(gone.status == 12 && gone.errors.contains("error["), "\(gone.errors)")
    let path = try await run("mkdir d; cd d; rmdir ../d; \(Self.upload) --file a.mp4 --key k", in: folder)
    #expect(path.status == 2 && path.errors.contains("RD0311"), "\(path.errors)")
    let full = try await run(
      "ulimit -f 1; rundown enqueue restream-asset --connection m --asset-id b --database new.db", in: folder)
    #expect(full.status == 5 && full.errors.contains("error[full]"), "\(full.errors)")
  }

  static let numbers = [
    "retentionDays: N", "worker: {concurrency: N}", "worker: {leaseSeconds: N}", "worker: {shutdownGraceSeconds: N}",
    "worker: {queues: {uploads: N}}", "worker: {jobTimeoutSeconds: {upload-recording: N}}",
    "connections: {engines: {e: {url: 'http://h', auth: none, limits: {requestsPerSecond: N, concurrentWrites: N}}}}",
    "connections: {wowzaVideo: {w: {token: 'env:T', limits: {lateEffectWindow: Nd, liveStreams: {count: N, per: Nd}}}}}",
    "connections: {wowzaVideo: {w: {token: {command: [x], ttl: N}}}}",
  ]

  @Test("every number of the configuration may be written in any size", arguments: numbers)
  func extremes(setting: String) async throws {
    for number in ["9223372036854775807", "-9223372036854775808", "9223372036854775808", "36500", "31536000", "0", "1"]
    {
      let folder = try Folder()
      let text = setting.split(separator: "N", omittingEmptySubsequences: false).joined(separator: number)
      try folder.write("rundown.yaml", "apiVersion: rundown/v1\nkind: Config\n\(text)\n")
      let ended = try await run("rundown worker --once", in: folder)
      #expect(
        ended.status == 0 || (ended.status == 2 && ended.errors.contains("error[RD0106]")), "\(text): \(ended.errors)")
    }
  }
}
