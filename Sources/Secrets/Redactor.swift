/// Replaces known secret values in a text that someone else wrote, such as a provider's message.
///
/// A value is known in the forms in which it may come back: as it is, percent-encoded, escaped for JSON or XML, in
/// base64 (also in the midst of something longer) and in hexadecimal. A value of less than four bytes is replaced only
/// where it stands alone as a word, since "a" is found everywhere.
public struct Redactor: Sendable {
  /// What stands in the place of a secret.
  public static let mark = "<redacted>"
  /// In values that are read again by a program only secrets of this length are replaced: shorter ones may well be
  /// words that the value holds for another reason.
  public static let shortestInJSON = 8

  private static let shortestInsideWords = 4
  /// A text that was cut may end with the first part of a secret; less of it is told apart from chance by nobody.
  private static let shortestCutPart = 8

  /// The forms of all values by their first byte, longer ones first, so that a secret inside a longer one leaves no
  /// remainder of the longer.
  private var forms: [UInt8: [SecretForm]] = [:]
  /// Those that may begin with an escape.
  private var plain: [SecretForm] = []
  private var others: [Redactor] = []

  /// Knows these secrets; empty ones are left out.
  public init(_ secrets: [Secret]) {
    for value in Set(secrets.map { $0.reveal() }) where !value.isEmpty {
      for form in SecretForm.all(of: value) { forms[form.bytes[0], default: []].append(form) }
    }
    for key in forms.keys { forms[key]?.sort { $0.bytes.count > $1.bytes.count } }
    plain = forms.values.joined().filter(\.isPlain).sorted { $0.bytes.count > $1.bytes.count }
  }

  /// Knows what all of these know.
  public init(joining others: [Redactor]) {
    self.others = others
  }

  /// The text with every known value replaced by `<redacted>`.
  public func redact(_ text: String) -> String {
    let text = others.reduce(text) { $1.redact($0) }
    guard !forms.isEmpty else { return text }
    let bytes = Array(text.utf8)
    return replaced(text, bytes, cutPart: cutPart(at: bytes)) { form, start, end in
      form.length >= Self.shortestInsideWords || form.standsAlone(in: bytes, at: start, end: end)
    }
  }

  /// JSON text with every known value of some length replaced inside its strings; it stays JSON.
  public func redactJSON(_ text: String) -> String {
    let text = others.reduce(text) { $1.redactJSON($0) }
    guard !forms.isEmpty else { return text }
    let bytes = Array(text.utf8)
    return replaced(text, bytes, cutPart: nil) { form, start, end in
      // A quotation mark that is not escaped ends a string.
      form.length >= Self.shortestInJSON
        && !(start..<end).contains {
          bytes[$0] == UInt8(ascii: "\"") && ($0 == start || bytes[$0 - 1] != UInt8(ascii: "\\"))
        }
    }
  }

  private func replaced(
    _ text: String, _ bytes: [UInt8], cutPart: Int?, _ counts: (SecretForm, Int, Int) -> Bool
  ) -> String {
    var result: [UInt8] = []
    var isChanged = false
    var index = 0
    while index < bytes.count {
      let end = index == cutPart ? bytes.count : end(in: bytes, at: index, counts)
      if let end {
        isChanged = true
        result += Self.mark.utf8
        index = end
      } else {
        result.append(bytes[index])
        index += 1
      }
    }
    return isChanged ? String(decoding: result, as: UTF8.self) : text
  }

  /// Where the longest form ends that begins here.
  private func end(in bytes: [UInt8], at start: Int, _ counts: (SecretForm, Int, Int) -> Bool) -> Int? {
    let candidates = (forms[bytes[start]] ?? []) + (EscapedByte.marks.contains(bytes[start]) ? plain : [])
    for form in candidates {
      if let end = form.end(in: bytes, at: start), counts(form, start, end) { return end }
    }
    return nil
  }

  /// Where the first part of a secret begins with which the text ends, as one that was cut does.
  private func cutPart(at bytes: [UInt8]) -> Int? {
    let longest = forms.values.lazy.joined().map(\.bytes.count).max() ?? 0
    guard min(bytes.count, longest) >= Self.shortestCutPart else { return nil }
    return (max(0, bytes.count - longest)...(bytes.count - Self.shortestCutPart)).first { start in
      forms[bytes[start]]?.contains { $0.bytes.starts(with: bytes[start...]) } ?? false
    }
  }
}

extension Redactor: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// Says nothing of what it knows.
  public var description: String { "Redactor" }
  /// Says nothing of what it knows.
  public var debugDescription: String { "Redactor" }
  /// A mirror without children, so that `dump` shows nothing.
  public var customMirror: Mirror { Mirror(self, children: [:]) }
}
