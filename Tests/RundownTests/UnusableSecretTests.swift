import FoundationEssentials
import Testing

/// What an editor, a shell or a copy from a page makes of the file of a secret.
@Suite("The file of a secret that cannot be sent", .timeLimit(.minutes(20)))
struct UnusableSecretTests {
  private static let mistakes = [
    "", "\n", " \r\n\t\n", "\u{feff}s3cretvalue", "s3cret\nvalue\n", "s3cret\u{7}value", "s3cret\u{1b}[0mvalue",
    "s\03\0c\0r\0e\0t\0\n\0",
  ]

  @Test("closes the gates, names the secret and counts nothing, whatever is wrong with it")
  func gates() async throws {
    let folder = try Self.folder()
    var connections = Self.head
    for (section, line) in Self.sections {
      connections += "\n  \(section):"
      for (index, mistake) in Self.mistakes.enumerated() {
        for name in Self.names { try folder.write("\(name)-\(index)", mistake) }
        connections += "\n    \(line.replacing("#", with: "\(index)"))"
      }
      if section == "engines" { connections += "\n    open: {url: \"http://127.0.0.1:1\", auth: none}" }
      if section == "pushCredentials" { connections += "\n    good: {accessKeyId: file:id, secretAccessKey: file:id}" }
    }
    try folder.write("rundown.yaml", connections)
    let jobs = Self.mistakes.indices.flatMap { index in Self.jobs.map { $0.replacing("#", with: "\(index)") } }
    let enqueued = try await Command.run(["enqueue", "-"], in: folder, input: jobs.joined(separator: "\n"))
    #expect(enqueued.status == 0, "\(enqueued.errors)")
    _ = try await Command.start(["worker", "--once"], in: folder).endWhenAllWereTried()
    let listed = try await Command.run(["jobs", "list", "--json"], in: folder)
    let all = try listed.json(List.self).jobs
    #expect(all.count == jobs.count)
    for job in all { #expect(["ready", "scheduled"].contains(job.state) && job.failures == 0, "\(job)") }
    let gates = try await Command.run(["gates", "list", "--json"], in: folder).output
    let doctor = try await Command.run(["doctor"], in: folder).output
    for index in Self.mistakes.indices {
      for name in Self.names {
        #expect(doctor.contains("secret file:\(folder.path)/\(name)-\(index): it "), "\(doctor)")
        if name != "push" { #expect(gates.contains("/\(name)-\(index)"), "\(gates)") }
      }
    }
    #expect(!doctor.contains("header"))
  }

  @Test(
    "is no matter when blanks and line breaks stand at its ends only",
    arguments: ["value\n\n", "\r\n value \r\n\r\n\n"])
  func trimmed(content: String) async throws {
    let folder = try Self.folder()
    var connections = Self.head
    for (section, line) in Self.sections { connections += "\n  \(section):\n    \(line.replacing("#", with: "0"))" }
    try folder.write("rundown.yaml", connections)
    for name in Self.names { try folder.write("\(name)-0", content) }
    let doctor = try await Command.run(["doctor"], in: folder)
    #expect(!doctor.output.contains("secret file:"), "\(doctor.output)")
    // Nobody listens there, and that is what is told.
    #expect(doctor.output.contains("push credential push0: secrets are readable"), "\(doctor.output)")
  }

  private struct List: Decodable {
    struct Job: Decodable {
      var id: Int64
      var state: String
      var failures: Int
    }
    var jobs: [Job]
  }

  private static let names = ["key", "token", "password", "push"]

  private static func folder() throws -> Folder {
    let folder = try Folder()
    try folder.write("id", "AKIAEXAMPLEEXAMPLE00")
    try folder.write("recording.mp4", "not really a recording")
    return folder
  }

  private static let head = "apiVersion: rundown/v1\nconnections:"

  /// A connection of each section that needs a secret; `#` stands for its number.
  private static let sections = [
    ("engines", #"fra#: {url: "http://127.0.0.1:1", auth: basic, user: file:id, password: file:password-#}"#),
    (
      "aws",
      #"media#: {source: static, endpoint: "http://127.0.0.1:1", region: eu-central-1, "#
        + "accessKeyId: file:id, secretAccessKey: file:key-#}"
    ),
    ("wowzaVideo", #"main#: {url: "http://127.0.0.1:1", token: file:token-#}"#),
    ("pushCredentials", "push#: {accessKeyId: file:id, secretAccessKey: file:push-#}"),
  ]

  /// A job for each of them. The key that an engine is to push with is needed before the engine is asked.
  private static let jobs = [
    #"{"kind":"create-map-entry","with":{"engine":"fra#","application":"live","entryName":"a","sourceStream":"cam-01","#
      + #""bucket":"eu-live","region":"eu-central-1","credential":"good"}}"#,
    #"{"kind":"create-map-entry","with":{"engine":"open","application":"live#","entryName":"b","sourceStream":"cam-01","#
      + #""bucket":"eu-live","region":"eu-central-1","credential":"push#"}}"#,
    #"{"kind":"upload-recording","with":{"connection":"media#","file":"recording.mp4","bucket":"bkt-a","key":"k1"}}"#,
    #"{"kind":"create-fastly-target","with":{"connection":"main#","bucket":"eu-live","region":"eu-central-1"}}"#,
  ]
}
