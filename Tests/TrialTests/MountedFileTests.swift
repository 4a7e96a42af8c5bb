import Glibc
import Testing

extension Trials {
  /// What a container sees of the host.
  @Suite(
    "A queue file at two places", .timeLimit(.minutes(5)),
    .enabled(if: geteuid() == 0 && system("/usr/bin/unshare --mount true >/dev/null 2>&1") == 0))
  struct MountedFileTests {
    private let words = ["create-fastly-target", "--connection", "main", "--region", "eu-west-1", "--bucket"]

    /// Enqueues a job where something of the stage is mounted, while a worker has the file open.
    private func enqueue(_ bucket: String, _ stage: Stage, mounting what: String, at place: String) async throws
      -> Child.Ended
    {
      let script = """
        mkdir -p "$1/other" && { test -d "$2" || touch "$1/$3"; } && mount --bind "$2" "$1/$3" && shift 3 && exec "$@"
        """
      let command = ["enqueue"] + words + [bucket, "--database", "\(stage.folder)/other/queue.db"]
      return try await stage.program(
        "/usr/bin/unshare",
        ["--mount", "/bin/sh", "-c", script, "sh", stage.folder, what, place, try Child.path(of: "rundown")] + command
      ).end()
    }

    @Test("A file that is mounted by itself is refused for writing: its log would lie in another folder")
    func file() async throws {
      try await Stage.open { stage in
        #expect(try await stage.rundown(["enqueue"] + words + ["eu-first"]).end().status == 0)
        let worker = try await stage.rundown(["worker", "--queues", "uploads"])
        try await eventually("the worker is known") { stage.workers() == 1 }
        let ended = try await enqueue("eu-second", stage, mounting: stage.database, at: "other/queue.db")
        #expect(ended.status == 12)
        #expect(ended.errors.contains("error[hard-linked]"), "\(ended.errors)")
        #expect(ended.errors.contains("mount the whole folder"), "\(ended.errors)")
        #expect(access("\(stage.folder)/other/queue.db-wal", F_OK) != 0)
        #expect(await worker.terminate().status == 0)
      }
    }

    @Test("A folder that is mounted elsewhere is the same folder")
    func folder() async throws {
      try await Stage.open { stage in
        #expect(try await stage.rundown(["enqueue"] + words + ["eu-first"]).end().status == 0)
        let worker = try await stage.rundown(["worker", "--queues", "uploads"])
        try await eventually("the worker is known") { stage.workers() == 1 }
        let ended = try await enqueue("eu-second", stage, mounting: stage.place, at: "other")
        #expect(ended.status == 0, "\(ended.errors)")
        #expect(try await stage.rundown(["enqueue"] + words + ["eu-third"]).end().status == 0)
        #expect(await worker.terminate().status == 0)
        #expect(try QueueFile.value("SELECT count(*) FROM job", in: stage.database) == "3")
      }
    }
  }
}
