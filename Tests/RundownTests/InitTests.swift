import FoundationEssentials
import Testing

@Suite("rundown init", .timeLimit(.minutes(20)))
struct InitTests {
  private func mode(_ path: String, in folder: Folder) async throws -> String {
    try await Command.shell("stat -c %a \(path)", in: folder).output
  }

  @Test("writes a configuration that works: doctor finds nothing broken, and says the next command")
  func works() async throws {
    try await Studio.open { studio in
      let url = try #require(
        studio.folder.text("rundown.yaml").split(separator: "\n").first { $0.contains("url: ") }?
          .split(separator: " ").last)
      let folder = try Folder()
      try folder.write("given", "\(Studio.secrets[0])\n")
      let made = try await Command.run(
        [
          "init", "--engine", "fra1=\(url)", "--engine-auth", "basic", "--push-credential", "push",
          "--secret", "fra1_user=env:WSE_USER", "--secret", "fra1_password=given",
          "--secret", "push_push_access_key_id=env:WSE_USER", "--secret", "push_push_secret_access_key=given",
        ], in: folder, environment: ["WSE_USER": "wse"])
      #expect(made.status == 0, "\(made.output)\(made.errors)")
      #expect(made.output.hasPrefix("\(folder.path)/rundown.yaml\n"))
      #expect(made.output.contains("ok       engine fra1: answers"), "\(made.output)")
      #expect(made.errors.contains("next: rundown enqueue"), "\(made.errors)")
      #expect(!(try folder.text("rundown.yaml")).contains(Studio.secrets[0]))
      for file in ["secrets/fra1_user", "secrets/fra1_password", "secrets/push_push_secret_access_key"] {
        #expect(try await mode(file, in: folder) == "600\n", "\(file)")
      }
      #expect(try await mode("secrets", in: folder) == "700\n")
      #expect(try folder.text("secrets/.gitignore") == "*\n")
      // A command from elsewhere reads the same secrets.
      let elsewhere = try await Command.run(
        ["doctor", "--config", "\(folder.path)/rundown.yaml"], in: try Folder(), environment: ["RUNDOWN_DATABASE": ""])
      #expect(elsewhere.status == 0, "\(elsewhere.output)")
    }
  }

  @Test("without a terminal leaves secrets that are not given to be filled in, and doctor says which")
  func unfilled() async throws {
    let folder = try Folder()
    let made = try await Command.run(
      ["init", "--wowza-video", "main", "--aws", "media=eu-central-1", "--s3", "own=https://s3.example.net"],
      in: folder,
      environment: ["AWS_EC2_METADATA_DISABLED": "true"])
    #expect(made.status == 1)
    #expect(made.errors.contains("write the token of Wowza Video account main into \(folder.path)/secrets/main_token"))
    #expect(
      made.output.contains("FAIL     wowzaVideo main: secret file:\(folder.path)/secrets/main_token"), "\(made.output)")
    #expect(made.errors.contains("fix each of them as it says, then run: rundown doctor"), "\(made.errors)")
    #expect(try await mode("secrets/aws_own_secret_access_key", in: folder) == "600\n")
    let shown = try await Command.run(["config", "show"], in: folder)
    #expect(shown.status == 0 && shown.output.contains("eu-central-1"), "\(shown.output)\(shown.errors)")
  }

  @Test(
    "refuses what could not work, and writes nothing",
    arguments: [
      ([], "no connections given"), (["--engine", "fra1=10.0.0.5:8087"], "is not a valid address"),
      (["--engine", "fra1=http://a", "--engine", "fra1=http://b"], "two connections are named 'fra1'"),
      (["--engine", "fra 1=http://a"], "is not a valid connection name"),
      (["--engine", "fra1=http://a", "--engine-auth", "digset"], #"did you mean "digest"?"#),
      (["--aws", "media=fr-par"], "is not an AWS region"),
      (["--wowza-video", "main", "--secret", "main_tokn=env:T"], "did you mean 'main_token'?"),
      (["--wowza-video", "main", "--secret", "main_token=env:NO_SUCH"], "the variable NO_SUCH is not set"),
      (["--wowza-video", "main", "--secret", "main_token=nowhere"], "the file named after '=' does not exist"),
    ])
  func refused(words: [String], told: String) async throws {
    let folder = try Folder()
    let ended = try await Command.run(["init"] + words, in: folder)
    #expect(ended.status == 2 && ended.errors.contains(told), "\(ended.errors)")
    #expect(!folder.exists("rundown.yaml") && !folder.exists("secrets"))
  }

  @Test("never replaces a configuration or a secret", arguments: ["rundown.yaml", "config/rundown.yaml"])
  func keeps(name: String) async throws {
    let folder = try Folder()
    _ = try await Command.shell("mkdir config secrets; echo mine > secrets/main_token", in: folder)
    try folder.write(name, "apiVersion: rundown/v1\n")
    let words = ["init", "--wowza-video", "main", "--no-check"]
    let refused = try await Command.run(words, in: folder)
    #expect(refused.status == 2 && refused.errors.contains("error[RD0312]"), "\(refused.errors)")
    #expect(try folder.text(name) == "apiVersion: rundown/v1\n")
    let other = try await Command.run(words + ["--config", "other.yaml"], in: folder)
    #expect(other.status == 0 && other.errors.contains("already exists and is left as it is"), "\(other.errors)")
    #expect(try folder.text("secrets/main_token") == "mine\n")
  }

  @Test("asks on a terminal, hides secrets, and writes the answers")
  func asks() async throws {
    let folder = try Folder()
    try folder.write("terminal.py", Self.terminal)
    let answers = [
      "http://127.0.0.1:1", "fra1", "bsic", "basic", "http://127.0.0.1:2", "fra1", "fra2", "none", "", "own",
      "https://s3.example.net", "", "", "", "push",
    ]
    let secrets = ["wse", "canary-password", "AKIA1", "canary-s3-key", "AKIA2", "canary-push-key"]
    let words = (answers + secrets).map { "'\($0)'" }.joined(separator: " ")
    let ended = try await Command.shell("python3 terminal.py \(words)", in: folder)
    #expect(ended.status == 0, "\(ended.output)\(ended.errors)")
    #expect(
      ended.output.contains("its name in jobs [main]: fra1") && !ended.output.contains("canary"), "\(ended.output)")
    let text = try folder.text("rundown.yaml")
    for line in [
      "    fra1:", "    fra2:", #"auth: "basic""#, #"endpoint: "https://s3.example.net""#, "    media:", "    push:",
    ] {
      #expect(text.contains(line), "\(text)")
    }
    #expect(!text.contains("wowzaVideo") && !text.contains("canary"))
    #expect(try folder.text("secrets/fra1_password") == "canary-password\n")
    #expect(try folder.text("secrets/push_push_secret_access_key") == "canary-push-key\n")
  }

  @Test("writes nothing when a person ends it")
  func ended() async throws {
    let folder = try Folder()
    try folder.write("terminal.py", Self.terminal)
    let ended = try await Command.shell("python3 terminal.py http://127.0.0.1:1 '\u{4}'", in: folder)
    #expect(ended.status == 130 && ended.output.contains("nothing was written"), "\(ended.output)\(ended.errors)")
    #expect(!folder.exists("rundown.yaml") && !folder.exists("secrets"))
  }

  /// Runs the command on a terminal of its own and gives it an answer whenever it has asked.
  private static let terminal = """
    import os, pty, sys
    child, terminal = pty.fork()
    if child == 0:
        os.execvp("rundown", ["rundown", "init", "--no-check"])
    answers, told, seen = sys.argv[1:], b"", b""
    while True:
        try:
            part = os.read(terminal, 4096)
        except OSError:
            break
        if not part:
            break
        told, seen = told + part, seen + part
        if seen.endswith(b": ") and answers:
            seen = b""
            answer = answers.pop(0)
            os.write(terminal, answer.encode() + (b"" if answer == "\\x04" else b"\\n"))
    sys.stdout.buffer.write(told)
    sys.stdout.flush()
    sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
    """
}
