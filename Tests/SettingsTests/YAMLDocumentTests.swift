import Settings
import Testing

@Suite("A YAML file")
struct YAMLDocumentTests {
  private func read(_ text: String) throws(Diagnostic) -> YAMLNode? {
    try YAMLDocument(text: text, file: "a.yaml").root
  }

  private func refusal(_ text: String) -> Diagnostic? {
    do throws(Diagnostic) {
      _ = try read(text)
      return nil
    } catch {
      return error
    }
  }

  private func value(_ text: String) throws -> YAMLNode? {
    guard case .mapping(let pairs)? = try read("k: \(text)")?.content else { return nil }
    return pairs.first?.value
  }

  /// YAML 1.2, 10.3.2.
  @Test("null, Null, NULL, ~ and nothing at all are null", arguments: ["null", "Null", "NULL", "~", "", "# nothing"])
  func nulls(text: String) throws {
    #expect(try value(text)?.isNull == true)
  }

  @Test(
    "in quotes, with a tag, or spelled otherwise it is text",
    arguments: ["'null'", "\"~\"", "!!str null", "nULL", "''", "|\n  null"])
  func texts(text: String) throws {
    #expect(try value(text)?.text != nil)
  }

  @Test("may have a byte order mark, and lines that end with CR LF or CR", arguments: ["\n", "\r\n", "\r"])
  func breaks(end: String) throws {
    let text = "\u{FEFF}a: 1\(end)b: [\(end)  2]\(end)"
    guard case .mapping(let pairs)? = try read(text)?.content else {
      Issue.record("no mapping")
      return
    }
    #expect(pairs.map(\.key.text) == ["a", "b"])
    #expect(pairs.map(\.value.location.line) == [1, 2])
    let shown = try #require(refusal(text + "b: 3")).rendered()
    #expect(shown.contains("4 | b: 3\n"), "\(shown)")
  }

  @Test(
    "that is wrong is told at its place, with what to write",
    arguments: [
      ("a:\n\t- b", 2, "a tab is used for indentation"), ("a: \u{85}b", 1, "\\N"), ("a: x\nb: \u{2028}", 2, "\\L"),
      ("a: 1\nb: x\u{7F}y", 2, "escape in double quotes"), ("a: 1\n---\nb: 2", 2, "one document per file"),
      ("a: 1\na: 2", 2, "keep one of them"), ("a: &x 1", 1, "write the value out"), ("a: *x", 1, "write the value out"),
      ("a: 'b", 1, "check indentation"),
    ])
  func wrong(text: String, line: Int, words: String) throws {
    let found = try #require(refusal(text))
    #expect(found.location?.line == line)
    #expect(found.rendered().contains(words), "\(found.rendered())")
  }

  @Test("with nothing but comments is empty")
  func empty() throws {
    for text in ["", "\n\n", "# nothing\n", "---\n", "\u{FEFF}"] {
      let root = try read(text); #expect(root.map(\.kind) == nil, "\(text)")
    }
  }

  @Test("nesting of any depth ends at the bound, and costs nothing", arguments: ["[", "{a: ", "- "])
  func depth(opening: String) {
    #expect(refusal(String(repeating: opening, count: 100_000))?.code == "RD0103")
  }
}
