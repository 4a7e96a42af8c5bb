import Secrets
import Settings
import StreamingJobs
import Testing

@testable import Connections

@Suite("The sections of the configured connections")
struct SectionTests {
  @Test("are those that a job may name, each once")
  func kinds() {
    let sections = Connections.kinds.map { $0.section }
    #expect(Set(sections).count == sections.count)
    #expect(sections.sorted() == ConnectionKind.allCases.map(\.rawValue).sorted())
  }

  @Test("are all looked at by doctor")
  func checked() {
    for kind in Connections.kinds { #expect(kind is any CheckedConnection.Type, "\(kind)") }
  }

  @Test("have a gate for each connection that jobs go through")
  func gates() throws {
    let text = """
      apiVersion: rundown/v1
      connections:
        engines: {fra1: {url: 'http://fra1:8087', auth: none}, ams1: {url: 'http://ams1:8087', auth: none}}
        aws: {media: {}}
        wowzaVideo: {main: {token: env:TOKEN}}
        pushCredentials: {push: {accessKeyId: env:ID, secretAccessKey: env:KEY}}
      """
    let loaded = SettingsLoader(environment: [:], directory: "/here") { $0 == "rundown.yaml" ? text : nil }.load()
    #expect(loaded.diagnostics.isEmpty)
    let connections = loaded.settings.connections
    #expect(connections.gates == ["engine:ams1", "engine:fra1", "aws:media", "wowza-video:main"])
    #expect(
      connections.all.map { "\($0.section).\($0.name)" } == [
        "engines.ams1", "engines.fra1", "aws.media", "wowzaVideo.main", "pushCredentials.push",
      ])
    #expect(Set(connections.secretReferences.map(\.description)) == ["env:TOKEN", "env:ID", "env:KEY"])
  }
}
