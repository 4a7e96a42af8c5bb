import AWSClient
import Settings
import TestServers
import Testing
import WowzaVideoClient

@testable import rundown

@Suite("Authorities that a connection trusts", .timeLimit(.minutes(20)))
struct AuthoritiesTests {
  /// Who names the authority of the server's certificate.
  enum Source: CaseIterable { case nobody, connection, relative, environment }

  /// A server with a certificate that nobody but its own file vouches for; needs the `openssl` command.
  private struct Given {
    let folder: Folder
    let process: ServerProcess
    let port: String

    init() async throws {
      let folder = try Folder()
      let path = folder.path
      let made = try await Command.shell(
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=Test"
          + " -addext subjectAltName=IP:127.0.0.1 -keyout key.pem -out ca.pem", in: folder)
      #expect(made.status == 0, "\(made.errors)")
      let process = try ServerProcess.start(
        program: "/usr/bin/openssl",
        arguments: [
          "s_server", "-accept", "127.0.0.1:0", "-www", "-cert", "\(path)/ca.pem", "-key", "\(path)/key.pem",
        ],
        output: "\(path)/server", environment: { _ in [] })
      // It says `ACCEPT 127.0.0.1:port` when it listens.
      var line: Substring?
      while line == nil, !process.hasEnded() {
        let said = folder.exists("server.out") ? try folder.text("server.out") : ""
        guard said.isEmpty || said.hasSuffix("\n") else { continue }
        line = said.split(separator: "\n").last { $0.hasPrefix("ACCEPT") && $0.contains(":") }
        if line == nil { try await Task.sleep(for: .milliseconds(20)) }
      }
      port = try #require(line?.split(separator: ":").last.map(String.init))
      (self.folder, self.process) = (folder, process)
    }

    func clients(_ source: Source) -> LiveClients {
      let file =
        switch source {
        case .connection: ", caFile: '\(folder.path)/ca.pem'"
        // From the configuration's folder, which is not the one that the tests run in.
        case .relative: ", caFile: ca.pem"
        case .nobody, .environment: ""
        }
      let url = "'https://127.0.0.1:\(port)'"
      let text = """
        apiVersion: rundown/v1
        connections:
          aws: {a: {source: static, accessKeyId: env:KEY, secretAccessKey: env:KEY, endpoint: \(url)\(file)}}
          wowzaVideo: {v: {token: env:KEY, url: \(url)\(file)}}
        """
      let loaded = SettingsLoader(environment: [:], directory: folder.path) { $0 == "rundown.yaml" ? text : nil }
        .load(database: nil)
      #expect(loaded.diagnostics.isEmpty)
      var environment = ["KEY": "abcdefgh"]
      if source == .environment { environment["AWS_CA_BUNDLE"] = "\(folder.path)/ca.pem" }
      return LiveClients(loaded.settings, environment: environment)
    }
  }

  @Test(
    "are named by its caFile, and for AWS by AWS_CA_BUNDLE; without, the server is not trusted",
    arguments: Source.allCases)
  func trusted(source: Source) async throws {
    let given = try await Given()
    let clients = given.clients(source)
    // The server answers every GET with a page of its own, which is no provider's answer: it was reached.
    let aws = await #expect(throws: (any Error).self) { try await clients.s3("a", region: nil).cors("vod") }
    #expect("\(String(describing: aws))".contains(source == .nobody ? "tls" : "foreign-answer"), "\(aws as Any)")
    let video = await #expect(throws: (any Error).self) { try await clients.wowzaVideo("v").liveStream("s") }
    #expect(
      "\(String(describing: video))".contains([.connection, .relative].contains(source) ? "foreign-answer" : "tls"),
      "\(video as Any)")
    await clients.shutdown()
    given.process.stop()
  }
}
