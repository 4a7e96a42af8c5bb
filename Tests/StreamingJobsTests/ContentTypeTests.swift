import Testing

@testable import StreamingJobs

@Suite("A file's media type") struct ContentTypeTests {
  private static let extensions = ContentType.table.flatMap { $0.extensions.split(separator: " ").map(String.init) }

  @Test("each extension means one type, whatever its case; the rest are bytes")
  func table() {
    #expect(Self.extensions.count == Set(Self.extensions).count)
    #expect(Self.extensions.allSatisfy { $0 == $0.lowercased() })
    for (type, extensions) in ContentType.table {
      #expect(type.wholeMatch(of: /[a-z]+\/[a-z0-9][a-z0-9.+-]*/) != nil, "\(type)")
      for word in extensions.split(separator: " ") {
        #expect(ContentType.of("/a.b/c.\(word)") == type)
        #expect(ContentType.of("C.\(word.uppercased())") == type)
      }
    }
    for name in ["a", "a.", ".mp4/a", "a.mp4 ", "a.xyz", ""] { #expect(ContentType.of(name) == ContentType.unknown) }
  }

  @Test("at least 60 are of audio, video, subtitles and manifests")
  func media() {
    let others: Set = ["application/json", "application/xml", "text/plain"]
    let media = ContentType.table.filter { !$0.type.hasPrefix("image/") && !others.contains($0.type) }
    #expect(media.count >= 60)
  }
}
