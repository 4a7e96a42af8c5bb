import Glibc
import Testing

extension Trials {
  @Suite("A queue file that may only be read", .timeLimit(.minutes(20)))
  struct ReadOnlyFileTests {
    /// A user who is not root: nothing keeps root from writing.
    private static let nobody: uid_t = 65534

    /// Root must be able to become somebody else who can run what was built here.
    private static let canRunAsNobody: Bool = {
      guard geteuid() == 0 else { return true }
      return Child.canBeRun(as: nobody)
    }()

    /// Makes the file somebody's who is not root.
    private static func give(_ stage: Stage) -> uid_t {
      guard geteuid() == 0 else { return geteuid() }
      for path in [stage.folder, stage.place, stage.database] { chown(path, nobody, gid_t.max) }
      return nobody
    }

    @Test(
      "refuses 'enqueue' and 'worker' with status 12 and stays as it is; once it may be written, all goes on",
      .enabled(if: canRunAsNobody, "root may write everywhere, and cannot run the program as somebody else here"))
    func refused() async throws {
      try await Stage.open { stage in
        #expect(try await stage.enqueue("count=5", "batch=5").end().status == 0)
        let owner = Self.give(stage)
        chmod(stage.database, 0o400)
        let enqueue = [
          "enqueue", "create-fastly-target", "--connection", "main", "--bucket", "eu-live", "--region", "eu-west-1",
        ]
        for words in [["worker", "--once"], enqueue] {
          let ended = try await stage.rundown(words, as: owner).end()
          #expect(ended.status == 12)
          #expect(ended.output == "")
          #expect(ended.errors.contains("error[read-only]: open "), "\(ended.errors)")
          #expect(ended.errors.contains("must be writable by this user"), "\(ended.errors)")
        }
        chmod(stage.database, 0o600)
        #expect(try Inspection(stage, atEnd: false).unfinished == 5)
        #expect(try await stage.work("idle=yes").end().status == 0)
        #expect(try Inspection(stage).problems.isEmpty)
      }
    }

    @Test(
      "that may not even be read is refused by every command with status 12, and stays as it is",
      .enabled(if: canRunAsNobody, "root may read everything, and cannot run the program as somebody else here"))
    func unreadable() async throws {
      try await Stage.open { stage in
        #expect(try await stage.enqueue("count=5", "batch=5").end().status == 0)
        let owner = Self.give(stage)
        chmod(stage.database, 0)
        for words in [["status"], ["jobs", "list"], ["worker", "--once"]] {
          let ended = try await stage.rundown(words, as: owner).end()
          #expect(ended.status == 12)
          #expect(ended.output == "")
          #expect(ended.errors.contains("error[unavailable]: open "), "\(ended.errors)")
          #expect(ended.errors.contains("must be readable and writable by this user"), "\(ended.errors)")
        }
        chmod(stage.database, 0o600)
        #expect(try await stage.work("idle=yes").end().status == 0)
        #expect(try Inspection(stage).problems.isEmpty)
      }
    }

    @Test(
      "because its directory is, refuses likewise",
      .enabled(if: canRunAsNobody, "root may write everywhere, and cannot run the program as somebody else here"))
    func directory() async throws {
      try await Stage.open { stage in
        #expect(try await stage.enqueue("count=5", "batch=5").end().status == 0)
        let owner = Self.give(stage)
        chmod(stage.place, 0o500)
        let ended = try await stage.rundown(["worker", "--once"], as: owner).end()
        chmod(stage.place, 0o700)
        #expect(ended.status == 12)
        #expect(ended.errors.contains("error[read-only]: open "), "\(ended.errors)")
        #expect(ended.errors.contains("its directory must be writable by this user"), "\(ended.errors)")
        #expect(try await stage.work("idle=yes").end().status == 0)
        #expect(try Inspection(stage).problems.isEmpty)
      }
    }
  }
}
