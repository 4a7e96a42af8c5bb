import Testing

@Suite("rundown enqueue, again", .timeLimit(.minutes(20)))
struct EnqueueAgainTests {
  private static let file = """
    apiVersion: rundown/v1
    kind: Jobs
    jobs:
      - name: "entry-{stream}"
        kind: create-map-entry
        generate: {stream: "pitch-{n:02}", from: 1, to: 3}
        with: {engine: fra1, application: live, entryName: "{stream}-s3", sourceStream: "{stream}", bucket: example-live,
          region: eu-central-1, credential: push}
    """

  @Test("a file whose jobs are all present takes no numbers")
  func numbers() async throws {
    let folder = try Folder()
    try folder.write("jobs.yaml", Self.file)
    for _ in 0..<3 { #expect(try await Command.run(["enqueue", "jobs.yaml"], in: folder).output == "1\n2\n3\n") }
    let again = try await Command.run(["enqueue", "jobs.yaml"], in: folder)
    #expect(again.errors.contains("already present as job 1 (ready); nothing was added"))
    #expect(try await Command.run(EnqueueTests.target, in: folder).output == "4\n")
    for _ in 0..<2 { #expect(try await Command.run(EnqueueTests.target, in: folder).output == "4\n") }
    try folder.write("more.yaml", Self.file.replacing("to: 3", with: "to: 4"))
    #expect(try await Command.run(["enqueue", "more.yaml"], in: folder).output.hasPrefix("1\n2\n3\n"))
  }

  @Test("an existing job with the same key and other parameters is reported, with what differs and what to do")
  func others() async throws {
    let folder = try Folder()
    try folder.write("jobs.yaml", Self.file)
    #expect(try await Command.run(["enqueue", "jobs.yaml"], in: folder).status == 0)
    try folder.write(
      "jobs.yaml",
      Self.file.replacing("bucket: example-live", with: "bucket: other-live").replacing("from: 1", with: "from: 3"))
    let changed = try await Command.run(["enqueue", "jobs.yaml"], in: folder)
    #expect(changed.status == 0 && changed.output == "3\n")
    #expect(
      changed.errors.contains("already present as job 3 (ready), with a different bucket; nothing was added."),
      "\(changed.errors)")
    let entry = [
      "enqueue", "create-map-entry", "--engine", "fra1", "--application", "live", "--source-stream", "other",
      "--bucket",
      "example-live", "--region", "eu-west-1", "--credential", "push", "--entry-name", "pitch-01-s3",
    ]
    let one = try await Command.run(entry, in: folder)
    #expect(one.output == "1\n" && one.errors.contains("with different region, sourceStream"), "\(one.errors)")
  }
}
