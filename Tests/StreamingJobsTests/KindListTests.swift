import Foundation
import StreamingJobs
import Testing

@Suite("The list of kinds")
struct KindListTests {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  @Test("no two have a name in common")
  func names() {
    let names = JobKinds.streaming.all.map(\.kind)
    #expect(Set(names).count == names.count && !names.isEmpty)
  }

  @Test("outside of its folder no code names a kind but the list: that line and the folder are all that a kind is")
  func oneLine() throws {
    let sources = Self.root.appendingPathComponent("Sources")
    let paths = try FileManager.default.subpathsOfDirectory(atPath: sources.path).filter { $0.hasSuffix(".swift") }
    #expect(paths.count > 100)
    let files = try paths.map { ($0, try Data(contentsOf: sources.appendingPathComponent($0))) }
    for kind in JobKinds.streaming.all {
      let type = "\(kind.type)"
      try #require(type.hasSuffix("Kind"))
      let noun = String(type.dropLast("Kind".count))
      let folder = "StreamingJobs/\(noun)/"
      #expect(paths.contains("\(folder)\(type).swift"))
      let names: Set = [noun, type, "\(noun)Handler"]
      var lines: [String] = []
      for (path, text) in files where !path.hasPrefix(folder) {
        guard [noun, kind.kind].contains(where: { text.range(of: Data($0.utf8)) != nil }) else { continue }
        for line in String(decoding: text, as: UTF8.self).split(separator: "\n") {
          let code = line.components(separatedBy: "//")[0].trimmingCharacters(in: .whitespaces)
          // A sentence for people may point from one kind to another.
          let isNamed = code.split { !$0.isLetter && !$0.isNumber }.contains { names.contains(String($0)) }
          if isNamed || code.contains("\"\(kind.kind)\"") { lines.append("\(path): \(code)") }
        }
      }
      #expect(lines == ["StreamingJobs/Kinds/JobKinds+Streaming.swift: \(type).self,"])
    }
  }
}
