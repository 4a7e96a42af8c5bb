import FoundationEssentials
import Testing

@Suite("README.md")
struct ReadmeTests {
  @Test("shows Swift only as it stands in a file that is compiled: the one that the line above the block names")
  func samples() throws {
    let readme = try Self.text("README.md")
    let fences = readme.matches(of: /```swift\n/)
    let samples = readme.matches(of: /<!-- (Examples\/[^ ]+\.swift) -->\n```swift\n((?:(?!```)[^\n]*\n)*)```\n/)
    #expect(samples.count > 0 && samples.count == fences.count, "a block without a file's name above it")
    for sample in samples {
      #expect(try Self.text(String(sample.output.1)) == String(sample.output.2), "\(sample.output.1)")
    }
  }

  /// A file of the repository.
  private static func text(_ path: String) throws -> String {
    let root = #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 }
    return String(decoding: try Data(contentsOf: URL(filePath: "\(root)/\(path)")), as: UTF8.self)
  }
}
