import Testing

@Suite("Where the queue file lies")
struct DatabasePlaceTests {
  private let unset = ["RUNDOWN_DATABASE": ""]

  private struct Shown: Decodable {
    struct Status: Decodable { var database: String }
    var status: Status
  }

  @Test("a command from another folder uses the file of the configuration, and says which")
  func otherFolder() async throws {
    let (project, elsewhere) = (try Folder(), try Folder())
    try project.write("rundown.yaml", "apiVersion: rundown/v1\ndatabase: gig.db\n")
    let named = unset.merging(["RUNDOWN_CONFIG": "\(project.path)/rundown.yaml"]) { _, own in own }
    let first = try await Command.run(EnqueueTests.target, in: elsewhere, environment: named)
    #expect(first.errors == "new queue file: \(project.path)/gig.db\n1 job enqueued in \(project.path)/gig.db\n")
    let again = try await Command.run(EnqueueTests.target, in: project, environment: unset)
    #expect(again.errors.contains("already present as job 1"))
    #expect(again.errors.contains("0 jobs enqueued in \(project.path)/gig.db\n"), "\(again.errors)")
    let worked = try await Command.run(
      ["worker", "--once", "--queues", "uploads"], in: elsewhere, environment: named)
    #expect(worked.errors.contains("path=\(project.path)/gig.db"), "\(worked.errors)")
    #expect(!elsewhere.exists("gig.db"))
    let status = try await Command.run(["status", "--json"], in: elsewhere, environment: named)
    #expect(try status.json(Shown.self).status.database == "\(project.path)/gig.db")
    #expect(
      try await Command.run(["status"], in: elsewhere, environment: named).output.contains("\(project.path)/gig.db"))
  }

  @Test("without a configuration it is private in the user's state directory, and a file of before is pointed out")
  func stateDirectory() async throws {
    let folder = try Folder()
    let place = "\(folder.path)/.local/state/rundown/rundown.db"
    let made = try await Command.run(EnqueueTests.target, in: folder, environment: unset)
    #expect(made.status == 0, "\(made.errors)")
    #expect(made.errors == "new queue file: \(place)\n1 job enqueued in \(place)\n")
    #expect(try await Command.shell("stat -c %a .local/state/rundown", in: folder).output == "700\n")
    #expect(try await Command.run(EnqueueTests.target, in: folder).output == "1\n")
    let pointed = try await Command.run(["status"], in: folder, environment: unset)
    #expect(pointed.status == 0)
    #expect(pointed.errors.contains("the queue file \(folder.database) is not used; this command uses \(place)"))
  }

  @Test("a secret beside the configuration is found from another folder, and one at the place of before is pointed out")
  func secrets() async throws {
    let (project, elsewhere) = (try Folder(), try Folder())
    try project.write(
      "rundown.yaml",
      "apiVersion: rundown/v1\nconnections: {pushCredentials: {p: {accessKeyId: file:id, secretAccessKey: file:key}}}\n"
    )
    try project.write("id", "AKIAEXAMPLE")
    let named = unset.merging(["RUNDOWN_CONFIG": "\(project.path)/rundown.yaml"]) { _, own in own }
    try elsewhere.write("key", "never-to-be-shown")
    let missing = try await Command.run(["doctor"], in: elsewhere, environment: named)
    #expect(missing.errors.contains("note: the secret in \(elsewhere.path)/key is not used"), "\(missing.errors)")
    #expect(missing.errors.contains("which makes it \(project.path)/key"), "\(missing.errors)")
    #expect(missing.output.contains("\(project.path)/key"), "\(missing.output)")
    try project.write("key", "never-to-be-shown")
    let found = try await Command.run(["doctor"], in: elsewhere, environment: named)
    #expect(!found.errors.contains("note:") && !found.output.contains("FAIL"), "\(found.output)\(found.errors)")
    #expect(!(found.output + found.errors + missing.output + missing.errors).contains("never-to-be-shown"))
  }
}
