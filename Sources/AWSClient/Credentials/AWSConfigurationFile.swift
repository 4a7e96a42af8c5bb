/// A file like `~/.aws/config`: sections of `key = value` lines, read as tolerantly as AWS' own tools do.
///
/// Keys are lower-cased. `#` and `;` start a comment at the beginning of a line or after a blank. A line that is
/// indented deeper than the key above belongs to that key's block (`s3 =` and its settings), which is not needed here:
/// it is skipped, as are lines without `=`. A section that appears twice is one section.
struct AWSConfigurationFile: Sendable, Hashable {
  private(set) var sections: [String: [String: String]] = [:]

  /// Parses a file's bytes; there are no errors, lines without a meaning are ignored.
  init(_ bytes: [UInt8]) {
    var section: String?
    var keyIndentation = 0
    for line in String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline) {
      let indentation = line.prefix { $0 == " " || $0 == "\t" }.count
      let text = Self.withoutComment(line)
      if text.isEmpty { continue }
      if text.hasPrefix("[") {
        // A header without an end opens no section: its lines must not end up in the previous one.
        section = text.firstIndex(of: "]").map { Self.name(text[text.index(after: text.startIndex)..<$0]) }
        keyIndentation = .max
        if let section { sections[section, default: [:]].merge([:]) { $1 } }
        continue
      }
      guard let section, indentation <= keyIndentation, let equals = text.firstIndex(of: "=") else { continue }
      keyIndentation = indentation
      let key = Self.trimmed(text[..<equals]).lowercased()
      if key.isEmpty { continue }
      sections[section]?[key] = String(Self.trimmed(text[text.index(after: equals)...]))
    }
  }

  /// The words of a header with one blank between them, without quotes: `[profile "a b"]` is `profile a b`.
  private static func name(_ text: Substring) -> String {
    text.split { $0 == " " || $0 == "\t" }.joined(separator: " ").filter { $0 != "\"" && $0 != "'" }
  }

  private static func withoutComment(_ line: Substring) -> Substring {
    var previous: Character = " "
    for index in line.indices {
      if line[index] == "#" || line[index] == ";", previous == " " || previous == "\t" {
        return trimmed(line[..<index])
      }
      previous = line[index]
    }
    return trimmed(line)
  }

  private static func trimmed(_ text: Substring) -> Substring {
    let start = text.drop { $0.isWhitespace || $0 == "\u{feff}" }
    return start.dropLast(start.reversed().prefix { $0.isWhitespace }.count)
  }
}
