import Secrets
import Testing

@testable import Settings

@Suite("A first configuration")
struct StarterConfigurationTests {
  @Test("is read back as what was asked for, with every secret in a file of its own")
  func readBack() throws {
    let starter = StarterConfiguration(
      [
        .engine("fra1", url: "http://10.0.0.5:8087", authentication: "digest"),
        .engine("lab", url: "http://10.0.0.6:8087", authentication: "none"),
        .storage("media", region: "eu-central-1", endpoint: nil, hasKeys: false),
        .storage("own", region: nil, endpoint: "https://s3.example.net", hasKeys: true),
        .video("main", url: nil), .pushCredential("media"),
      ], database: #"/srv/a "quoted" \ name.db"#)
    let text = starter.text(secretsIn: "/etc/gig/secrets")
    let loaded = SettingsLoader(environment: [:], directory: "/") { $0 == "rundown.yaml" ? text : nil }.load()
    #expect(loaded.diagnostics.isEmpty, "\(loaded.diagnostics)")
    let settings = loaded.settings
    #expect(settings.database.value == #"/srv/a "quoted" \ name.db"#)
    #expect(settings.connections.engines["fra1"]?.value.password == .file("/etc/gig/secrets/fra1_password"))
    #expect(settings.connections.engines["lab"]?.value.authentication == EngineConnection.Authentication.none)
    #expect(settings.connections.aws["media"]?.value.source == .defaultChain)
    #expect(settings.connections.aws["own"]?.value.endpoint == "https://s3.example.net")
    let files = starter.secrets.map(\.file)
    #expect(Set(files).count == files.count && files.count == 7)
    #expect(
      settings.connections.secretReferences.map { "\($0)" }.sorted()
        == files.map { "file:/etc/gig/secrets/\($0)" }.sorted())
  }
}
