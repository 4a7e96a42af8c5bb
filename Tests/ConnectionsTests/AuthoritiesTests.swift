import AWSClient
import Connections
import Settings
import TestServers
import Testing
import WowzaVideoClient

@Suite("Authorities that a connection trusts", .timeLimit(.minutes(20)))
struct AuthoritiesTests {
  /// Who names the authority of the server's certificate.
  enum Source: CaseIterable { case nobody, connection, relative, environment }

  /// A server with a certificate that nobody but its own file vouches for.
  private struct Given {
    let server: AnswerServer
    let front: TLSFront

    init() async throws {
      // A page of its own for every request, which is no provider's answer: the server was reached.
      server = try AnswerServer(
        AnswerServer.answer(200, headers: ["Content-Type: text/html"], body: "<html>A page</html>"))
      front = try await TLSFront.start(before: server.port)
    }

    func stop() {
      front.stop()
      server.stop()
    }

    func clients(_ source: Source) -> LiveClients {
      let path = front.authorityFile.split(separator: "/", omittingEmptySubsequences: false)
      let file =
        switch source {
        case .connection: ", caFile: '\(front.authorityFile)'"
        // From the configuration's folder, which is not the one that the tests run in.
        case .relative: ", caFile: \(path.last ?? "")"
        case .nobody, .environment: ""
        }
      let text = """
        apiVersion: rundown/v1
        connections:
          aws: {a: {source: static, accessKeyId: env:KEY, secretAccessKey: env:KEY, endpoint: '\(front.url)'\(file)}}
          wowzaVideo: {v: {token: env:KEY, url: '\(front.url)'\(file)}}
        """
      let folder = path.dropLast().joined(separator: "/")
      let loaded = SettingsLoader(environment: [:], directory: folder) { $0 == "rundown.yaml" ? text : nil }
        .load(database: nil)
      #expect(loaded.diagnostics.isEmpty)
      var environment = ["KEY": "abcdefgh"]
      if source == .environment { environment["AWS_CA_BUNDLE"] = front.authorityFile }
      return LiveClients(loaded.settings, environment: environment)
    }
  }

  @Test(
    "are named by its caFile, and for AWS by AWS_CA_BUNDLE; without, the server is not trusted",
    arguments: Source.allCases)
  func trusted(source: Source) async throws {
    let given = try await Given()
    defer { given.stop() }
    let clients = given.clients(source)
    let aws = await #expect(throws: (any Error).self) { try await clients.s3("a", region: nil).cors("vod") }
    #expect("\(String(describing: aws))".contains(source == .nobody ? "tls" : "foreign-answer"), "\(aws as Any)")
    let video = await #expect(throws: (any Error).self) { try await clients.wowzaVideo("v").liveStream("s") }
    #expect(
      "\(String(describing: video))".contains([.connection, .relative].contains(source) ? "foreign-answer" : "tls"),
      "\(video as Any)")
    await clients.shutdown()
  }
}
