import Testing

@Suite("rundown template", .timeLimit(.minutes(20)))
struct TemplateTests {
  private struct Columns: Decodable {
    struct Column: Decodable {
      var name: String
      var required: Bool
    }
    var columns: [Column]
  }

  private static func given() throws -> Folder {
    let folder = try Folder()
    try folder.write(
      "s3-hls-eu.yaml",
      """
      apiVersion: rundown/v1
      kind: Profile
      name: s3-hls-eu
      region: eu-central-1
      bucket: {name: gig-live, connection: media, tags: {team: a}}
      cdn: {kind: wowza-cdn}
      labels: {house: eu}
      """)
    return folder
  }

  private static let arguments = ["template", "csv", "--profile", "./s3-hls-eu.yaml"]

  private static func columns(_ arguments: [String], in folder: Folder) async throws -> (
    needed: [String], all: [String]
  ) {
    let told = try await Command.run(arguments + ["--json"], in: folder)
    let columns = try told.json(Columns.self).columns
    return (columns.filter(\.required).map(\.name), columns.map(\.name))
  }

  @Test("asks for what the profile and the configuration leave open, and offers the rest")
  func columns() async throws {
    let folder = try Self.given()
    let (needed, all) = try await Self.columns(Self.arguments, in: folder)
    #expect(needed == ["stream", "engine", "credential", "cdn.connection"])
    #expect(
      all == needed + [
        "sourceStream", "application", "enabled", "start", "stop", "timezone", "region", "bucket", "bucket.connection",
        "bucket.tags", "cdn.kind", "label.house",
      ])
    try folder.write(
      "rundown.yaml",
      """
      apiVersion: rundown/v1
      connections:
        engines: {fra1: {url: "http://127.0.0.1:1", auth: none}, fra2: {url: "http://127.0.0.1:1", auth: none}}
        pushCredentials: {push: {accessKeyId: {env: A}, secretAccessKey: {env: B}}}
        wowzaVideo: {main: {token: {env: T}}}
      """)
    #expect(try await Self.columns(Self.arguments, in: folder).needed == ["stream", "engine"])
    #expect(
      try await Command.run(Self.arguments, in: folder).output.contains(
        "required: the engine's connection: fra1 | fra2"))
    let whole = try await Self.columns(["template", "csv", "--all"], in: folder)
    #expect(whole.needed == ["stream", "engine", "bucket", "region", "bucket.connection"])
    #expect(whole.all.count > 50 && !whole.all.contains("labels"))
  }

  @Test(
    "reports what is missing if left unchanged; filled in, with its comment row, it applies; no file is ever replaced")
  func fill() async throws {
    let folder = try Self.given()
    let written = try await Command.run(Self.arguments + ["-o", "gig.csv"], in: folder)
    #expect(written.status == 0 && written.output == "", "\(written.errors)")
    let template = try folder.text("gig.csv")
    #expect(template == (try await Command.run(Self.arguments, in: folder).output))
    let apply = ["apply", "gig.csv", "--profile", "./s3-hls-eu.yaml"]
    let untouched = try await Command.run(apply, in: folder)
    #expect(untouched.status == 2)
    #expect(untouched.errors.contains("error[RD0403]: the sheet has a header and no rows"), "\(untouched.errors)")
    #expect(!folder.exists("rundown.db"))
    try folder.write("gig.csv", template + "stage-a,fra1,push,main,,,,,,,,,,,,\nstage-b,fra1,push,main\n")
    let applied = try await Command.run(apply, in: folder)
    #expect(applied.status == 0 && applied.errors.contains("gig: 4 jobs enqueued"), "\(applied.errors)")
    let again = try await Command.run(Self.arguments + ["-o", "gig.csv"], in: folder)
    #expect(again.status == 2 && again.errors.contains("error[RD0421]"))
    #expect(try folder.text("gig.csv").hasSuffix("stage-b,fra1,push,main\n"))
  }
}
