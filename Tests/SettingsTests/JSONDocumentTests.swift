import FoundationEssentials
import JobQueueTestKit
import Settings
import Testing

@Suite("A JSON file")
struct JSONDocumentTests {
  private func read(_ text: String) throws(Diagnostic) -> YAMLNode? {
    try YAMLDocument(text: text, file: "a.json").root
  }

  private func refusal(_ text: String) -> Diagnostic? {
    do throws(Diagnostic) {
      _ = try read(text)
      return nil
    } catch {
      return error
    }
  }

  /// RFC 8259, section 7: the characters and their escapes; what lies beyond U+FFFF is a surrogate pair.
  @Test(
    "holds text with every escape, and what YAML refuses",
    arguments: [
      (#""goal \ud83d\ude00.mp4""#, "goal \u{1F600}.mp4"), (#""\u00e9\/\\\"\b\f\n\r\t""#, "é/\\\"\u{8}\u{C}\n\r\t"),
      ("\"\u{7F}\u{85}\u{2028}\"", "\u{7F}\u{85}\u{2028}"), (#""\u0000""#, "\0"), ("\t\"a\"\t\r\n", "a"),
      ("\u{FEFF}\"a\"", "a"), ("-0.5e+10", "-0.5e+10"), ("true", "true"), (#""null""#, "null"),
      (#""e\u0301""#, "e\u{301}"),
    ])
  func texts(json: String, text: String) throws {
    #expect(try read(json)?.text.map { Array($0.utf8) } == Array(text.utf8))
  }

  @Test("null is nothing given")
  func null() throws {
    #expect(try read("null")?.isNull == true)
  }

  @Test("keys may be of any length")
  func longKey() throws {
    let key = String(repeating: "k", count: 5000)
    guard case .mapping(let pairs)? = try read(#"{"\#(key)": 1}"#)?.content else {
      Issue.record("no mapping")
      return
    }
    #expect(pairs.map(\.key.text) == [key])
  }

  @Test(
    "that is wrong is refused at its place",
    arguments: [
      ("{\"a\": 1,}", 1, 9), ("{\n  \"a\" 1}", 2, 7), ("[1, 2", 1, 6), ("{'a': 1}", 1, 2), ("[01]", 1, 3),
      ("[1.]", 1, 4), ("[+1]", 1, 2), ("\"a\tb\"", 1, 3), ("\"open", 1, 1), (#""\ud83d""#, 1, 2),
      (#""\ude00\ud83d""#, 1, 2),
      (#""\ud83dx""#, 1, 2), (#""\x""#, 1, 2), (#""\u12g4""#, 1, 2), ("nul", 1, 1), ("[NaN]", 1, 2), ("1 2", 1, 3),
      ("é", 1, 1), ("[\"é\", x]", 1, 7), ("[1]\r\n\r\n]", 3, 1), ("{a: 1}", 1, 2), ("// c\n1", 1, 1),
    ])
  func places(json: String, line: Int, column: Int) throws {
    let found = try #require(refusal(json))
    #expect(found.code == "RD0101")
    #expect(found.location == SourceLocation(file: "a.json", line: line, column: column))
  }

  @Test("a key that comes twice and nesting beyond the bound are refused")
  func bounds() {
    #expect(refusal(#"{"a": 1, "a": 2}"#)?.code == "RD0102")
    #expect(refusal(String(repeating: "[", count: 100_000))?.code == "RD0103")
    let wide = "[" + String(repeating: "1,", count: 100_000) + "1]"
    #expect(refusal(wide)?.code == "RD0103")
  }

  /// Another parser decides what is JSON; only its laxness about keys that come twice differs from ours.
  @Test("is taken or refused as another parser does, whatever is changed in it", arguments: 1...8)
  func mutations(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let alphabet: [Character] = Array(#"{}[]",:\u0019dDeE+-.tfn 😀é"#) + ["\t", "\n", "\r\n", "\u{7F}"]
    for _ in 0..<400 {
      var text = Array(#"{"k": [1, -2.5e3, "a\u00e9\ud83d\ude00", true, null], "m": {"n": false}}"#)
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        let place = text.indices.randomElement(using: &random) ?? 0
        switch Int.random(in: 0..<3, using: &random) {
        case 0: text[place] = alphabet.randomElement(using: &random) ?? "x"
        case 1: text.insert(alphabet.randomElement(using: &random) ?? "x", at: place)
        default: text.remove(at: place)
        }
      }
      let json = String(text)
      let found = refusal(json)
      if found?.code == "RD0102" { continue }
      let isJSON = (try? JSONDecoder().decode(AnyJSON.self, from: Data(json.utf8))) != nil
      #expect((found == nil) == isJSON, "seed \(seed): \(json)")
    }
  }
}

/// Decodes any JSON and keeps nothing.
private struct AnyJSON: Decodable {
  init(from decoder: any Decoder) throws {
    if let object = try? decoder.container(keyedBy: Key.self) {
      for key in object.allKeys { _ = try object.decode(AnyJSON.self, forKey: key) }
    } else if var list = try? decoder.unkeyedContainer() {
      while !list.isAtEnd { _ = try list.decode(AnyJSON.self) }
    } else {
      let value = try decoder.singleValueContainer()
      if value.decodeNil() || (try? value.decode(Bool.self)) != nil || (try? value.decode(Double.self)) != nil {
        return
      }
      _ = try value.decode(String.self)
    }
  }

  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }
}
