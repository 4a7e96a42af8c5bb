import FoundationEssentials
import Settings
import Testing

@Suite("The sample configuration")
struct SampleConfigurationTests {
  @Test("config/rundown.yaml has nothing to complain of and says what it shows")
  func sample() throws {
    var root = #filePath
    for _ in 0..<3 { root = String(root[..<(root.lastIndex(of: "/") ?? root.startIndex)]) }
    let text = String(decoding: try Data(contentsOf: URL(filePath: root + "/config/rundown.yaml")), as: UTF8.self)
    let loader = SettingsLoader(environment: [:], directory: "/here") { $0 == "rundown.yaml" ? text : nil }
    let (settings, diagnostics) = loader.load()
    #expect(diagnostics.map { $0.rendered() } == [])
    #expect(settings.database.value == "/here/rundown.db")
    #expect(settings.connections.engines.keys.sorted() == ["fra1"])
    #expect(settings.connections.aws["media-prod"]?.value.region == "eu-central-1")
    #expect(settings.connections.wowzaVideo.keys.sorted() == ["main"])
    #expect(settings.connections.pushCredentials.keys.sorted() == ["wse-push-eu"])
  }
}
