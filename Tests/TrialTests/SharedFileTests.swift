import Glibc
import Testing

/// Two users who are not root and share a group that is the first one of neither, and one who is not in it.
private enum Users {
  static let owner: uid_t = 62_910
  static let member: uid_t = 62_911
  static let stranger: uid_t = 62_912
  /// No name of the system: it is named by its number.
  static let group: gid_t = 62_950
  static let areThere = geteuid() == 0 && Child.canBeRun(as: owner)
}

extension Trials {
  /// Nothing keeps root from a file, so root becomes somebody else for these.
  @Suite(
    "A queue file with storeGroup",
    .enabled(if: Users.areThere, "needs root, and a program that others may run"), .timeLimit(.minutes(10)))
  struct SharedFileTests {
    private static let enqueue = [
      "enqueue", "create-fastly-target", "--connection", "main", "--region", "eu-west-1", "--bucket",
    ]

    /// A folder that the group may write, without the bit that would give new files its group.
    private func open(_ body: (Stage) async throws -> Void) async throws {
      try await Stage.open { stage in
        #expect(chown(stage.place, Users.owner, Users.group) == 0)
        chmod(stage.folder, 0o755)
        chmod(stage.place, 0o770)
        try stage.write("shared.yaml", "apiVersion: rundown/v1\nstoreGroup: \(Users.group)\n")
        try stage.write("unknown.yaml", "apiVersion: rundown/v1\nstoreGroup: no-such-group-here\n")
        for name in ["shared", "unknown"] { chmod("\(stage.folder)/\(name).yaml", 0o644) }
        try await body(stage)
      }
    }

    private func start(
      _ stage: Stage, _ words: [String], as user: uid_t, config: String? = "shared", isMember: Bool = true,
      umask: String = "022"
    ) async throws -> Child {
      let groups = isMember ? ["--groups=\(Users.group)"] : ["--clear-groups"]
      let becoming = [Child.setpriv, "--reuid=\(user)", "--regid=\(user)"] + groups + ["--inh-caps=-all"]
      let command = [try Child.path(of: "rundown")] + words + ["--database", stage.database]
      let configured = config.map { ["--config", "\(stage.folder)/\($0).yaml"] } ?? []
      return try await stage.shell("umask \(umask); exec \"$@\"", becoming + command + configured)
    }

    private func run(
      _ stage: Stage, _ words: [String], as user: uid_t, config: String? = "shared", isMember: Bool = true,
      umask: String = "022"
    ) async throws -> Child.Ended {
      try await start(stage, words, as: user, config: config, isMember: isMember, umask: umask).end()
    }

    private func expectShared(_ stage: Stage, _ suffixes: [String], _ sourceLocation: SourceLocation = #_sourceLocation)
    {
      for suffix in suffixes {
        var status = stat()
        #expect(stat(stage.database + suffix, &status) == 0, "\(suffix)", sourceLocation: sourceLocation)
        #expect(status.st_mode & 0o777 == 0o660, "\(suffix)", sourceLocation: sourceLocation)
        #expect(status.st_gid == Users.group, "\(suffix)", sourceLocation: sourceLocation)
      }
    }

    @Test(
      "is the group's with all that lies beside it, whatever the umask and whoever opens it first",
      arguments: ["000", "022", "077"])
    func shared(umask: String) async throws {
      try await open { stage in
        let made = try await run(stage, Self.enqueue + ["eu-1"], as: Users.owner, umask: umask)
        #expect(made.status == 0 && made.output == "1\n", "\(made.errors)")
        expectShared(stage, ["", "-turn"])
        var known = 0
        for user in [Users.owner, Users.member] {
          // Who serves uploads has nothing to do here.
          let worker = try await start(stage, ["worker", "--queues", "uploads"], as: user, umask: umask)
          known += 1
          try await eventually("the worker is known") { stage.workers() == 1 }
          expectShared(stage, ["", "-wal", "-shm", "-turn"])
          for other in [Users.owner, Users.member] {
            let ended = try await run(stage, Self.enqueue + ["eu-\(known)-\(other)"], as: other, umask: umask)
            #expect(ended.status == 0, "\(user), \(other): \(ended.errors)")
          }
          let ended = await worker.terminate()
          #expect(ended.status == 0, "\(ended.errors)")
          expectShared(stage, ["", "-turn"])
        }
        #expect(try QueueFile.value("SELECT count(*) FROM job", in: stage.database) == "5")
        // Root, too, leaves it to those who share it.
        #expect(unlink(stage.database + "-turn") == 0)
        let root = try await run(stage, Self.enqueue + ["eu-root"], as: 0, umask: umask)
        #expect(root.status == 0, "\(root.errors)")
        expectShared(stage, ["", "-turn"])
        #expect(try await run(stage, ["status"], as: Users.member, umask: umask).status == 0)
      }
    }

    @Test("that is private is shared once its owner opens it, and refused without the key from then on")
    func laterShared() async throws {
      try await open { stage in
        #expect(try await run(stage, Self.enqueue + ["eu-1"], as: Users.owner, config: nil).status == 0)
        let early = try await run(stage, ["status"], as: Users.member)
        #expect(early.status == 12)
        #expect(early.errors.contains("is not shared with the group '\(Users.group)' yet"), "\(early.errors)")
        #expect(early.errors.contains("as its owner, open the queue once"), "\(early.errors)")
        #expect(try await run(stage, ["status"], as: Users.owner).status == 0)
        expectShared(stage, ["", "-turn"])
        #expect(try await run(stage, Self.enqueue + ["eu-2"], as: Users.member).output == "2\n")
        for user in [Users.owner, Users.member, 0] {
          let ended = try await run(stage, ["status"], as: user, config: nil)
          #expect(ended.status == 12 && ended.errors.contains("error[exposed]: open "), "\(ended.errors)")
          #expect(ended.errors.contains("chmod 600 ") && ended.errors.contains("storeGroup"), "\(ended.errors)")
        }
        let doctor = try await run(stage, ["doctor"], as: Users.member)
        #expect(doctor.output.contains("shared with the group \(Users.group)"), "\(doctor.output)")
      }
    }

    @Test("a group that is not known, and one that the user is not in, are errors that name the way out")
    func refused() async throws {
      try await open { stage in
        let unknown = try await run(stage, Self.enqueue + ["eu-1"], as: Users.owner, config: "unknown")
        #expect(unknown.status == 2 && unknown.errors.contains("error[store-group]: open "), "\(unknown.errors)")
        #expect(unknown.errors.contains("groupadd no-such-group-here"), "\(unknown.errors)")
        #expect(access(stage.database, F_OK) != 0)
        #expect(try await run(stage, Self.enqueue + ["eu-1"], as: Users.owner).status == 0)
        for user in [Users.owner, Users.stranger] {
          let ended = try await run(stage, ["status"], as: user, isMember: false)
          #expect(ended.status == 2 && ended.errors.contains("error[store-group]: open "), "\(ended.errors)")
          #expect(ended.errors.contains("usermod -aG \(Users.group)"), "\(ended.errors)")
        }
        let stranger = try await run(stage, ["status"], as: Users.stranger, config: nil, isMember: false)
        #expect(stranger.status == 12, "\(stranger.errors)")
      }
    }

    @Test("has backups that are its maker's alone, and is the group's again when one is restored")
    func restored() async throws {
      try await open { stage in
        #expect(try await run(stage, Self.enqueue + ["eu-1"], as: Users.owner).status == 0)
        let copy = "\(stage.place)/copy.db"
        let backup = try await run(stage, ["backup", copy], as: Users.member)
        #expect(backup.status == 0, "\(backup.errors)")
        var status = stat()
        #expect(stat(copy, &status) == 0 && status.st_mode & 0o777 == 0o600 && status.st_uid == Users.member)
        let restored = try await run(stage, ["restore", copy, "--yes"], as: Users.member)
        #expect(restored.status == 0, "\(restored.errors)")
        expectShared(stage, [""])
        #expect(try await run(stage, Self.enqueue + ["eu-2"], as: Users.owner).output == "2\n")
        expectShared(stage, ["", "-turn"])
      }
    }
  }
}
