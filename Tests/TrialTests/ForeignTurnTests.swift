import Glibc
import Testing

/// Users who are not root.
private enum Users {
  static let somebody: uid_t = 62_900
  static let another: uid_t = 62_901
  static let areThere = geteuid() == 0 && Child.canBeRun(as: somebody)
}

extension Trials {
  /// Nothing keeps root from a file, so root becomes somebody else for these.
  @Suite(
    "The file -turn of a queue that belongs to somebody",
    .enabled(if: Users.areThere, "needs root, and a program that others may run"),
    .timeLimit(.minutes(5)))
  struct ForeignTurnTests {
    private static let enqueue = [
      "enqueue", "create-fastly-target", "--connection", "main", "--region", "eu-west-1", "--bucket",
    ]

    /// A folder and a queue file with one job, all of one user.
    private func open(of owner: uid_t, _ body: (Stage, _ turn: String) async throws -> Void) async throws {
      try await Stage.open { stage in
        for path in [stage.folder, stage.place] { #expect(chown(path, owner, gid_t.max) == 0) }
        #expect(try await stage.rundown(Self.enqueue + ["eu-first"], as: owner).end().status == 0)
        try await body(stage, stage.database + "-turn")
      }
    }

    /// Every command is refused with one message that names the file, and nothing is changed.
    private func expectRefused(_ stage: Stage, as user: uid_t, _ code: String, _ words: String...) async throws {
      for command in [Self.enqueue + ["eu-refused"], ["worker", "--once"], ["status"]] {
        let ended = try await stage.rundown(command, as: user).end()
        #expect(ended.status == 12, "\(ended.status): \(ended.errors)")
        #expect(ended.output == "")
        #expect(ended.errors.contains("error[\(code)]: open \(stage.database)-turn: "), "\(ended.errors)")
        for word in words { #expect(ended.errors.contains(word), "\(ended.errors)") }
        #expect(ended.errors.split(separator: "\n").count { $0.contains("error[") } == 1)
      }
      #expect(try QueueFile.value("SELECT count(*) FROM job", in: stage.database) == "1")
    }

    private func expectGoesOn(_ stage: Stage, as user: uid_t, job: Int = 2) async throws {
      let ended = try await stage.rundown(Self.enqueue + ["eu-\(job)"], as: user).end()
      #expect(ended.status == 0 && ended.output == "\(job)\n", "\(ended.errors)")
    }

    @Test(
      "with rights that keep its owner out is refused; once they are mended all goes on", arguments: [0, 0o400, 0o200])
    func rights(mode: mode_t) async throws {
      try await open(of: Users.somebody) { stage, turn in
        chmod(turn, mode)
        try await expectRefused(stage, as: Users.somebody, "read-only", "must be writable by this user")
        chmod(turn, 0o600)
        try await expectGoesOn(stage, as: Users.somebody)
      }
    }

    @Test("that belongs to another user is refused, by root too; removed it is made anew")
    func owner() async throws {
      try await open(of: Users.somebody) { stage, turn in
        #expect(chown(turn, Users.another, gid_t.max) == 0)
        try await expectRefused(stage, as: Users.somebody, "read-only", "must be writable by this user")
        try await expectRefused(
          stage, as: 0, "exposed", "it belongs to another user (\(Users.another))", "remove it; it is created again")
        #expect(unlink(turn) == 0)
        try await expectGoesOn(stage, as: Users.somebody)
      }
    }

    @Test("that root made is the owner's: who has the queue can use it afterwards")
    func root() async throws {
      try await open(of: Users.somebody) { stage, turn in
        #expect(unlink(turn) == 0)
        try await expectGoesOn(stage, as: 0)
        var status = stat()
        #expect(stat(turn, &status) == 0 && status.st_uid == Users.somebody)
        try await expectGoesOn(stage, as: Users.somebody, job: 3)
      }
    }

    @Test("whose rights are taken away under a worker keeps others out, not the worker that has it open")
    func live() async throws {
      try await open(of: Users.somebody) { stage, turn in
        let worker = try await stage.rundown(["worker", "--queues", "uploads"], as: Users.somebody)
        try await eventually("the worker is known") { stage.workers() == 1 }
        chmod(turn, 0)
        try await expectRefused(stage, as: Users.somebody, "read-only", "must be writable by this user")
        let ended = await worker.terminate()
        #expect(ended.status == 0, "\(ended.errors)")
        // It took its name off the list, which is a write.
        #expect(stage.workers() == 0)
        chmod(turn, 0o600)
        try await expectGoesOn(stage, as: Users.somebody)
      }
    }
  }
}
