/// Replaces known secret values in a text that someone else wrote, such as a provider's message.
///
/// A value is recognised in the forms in which it may come back: unchanged, in base64 (even inside something longer)
/// and in hexadecimal, each also percent-encoded, escaped for JSON, XML or a log, broken into lines, and truncated at
/// the end of the text or at an omission mark. A value of less than four bytes is replaced only where it is a word by
/// itself, since "a" is everywhere.
public struct Redactor: Sendable {
  /// What replaces a secret.
  public static let mark = "<redacted>"
  /// In values that are read again by a program, only secrets of at least this length are replaced: shorter ones may
  /// well be words that the value contains for another reason.
  public static let shortestInJSON = 8

  private static let shortestInsideWords = 4

  /// The forms of all values by their first byte, longer ones first, so that a secret inside a longer one leaves no
  /// remainder of the longer one.
  private var forms: [UInt8: [SecretForm]] = [:]
  /// All forms, for places where one may start with an escape.
  private var all: [SecretForm] = []
  private var others: [Redactor] = []

  /// Creates a redactor for these secrets; empty ones are ignored.
  public init(_ secrets: [Secret]) {
    for value in Set(secrets.map { $0.reveal() }) where !value.isEmpty {
      for form in SecretForm.all(of: value) { forms[form.bytes[0], default: []].append(form) }
    }
    for key in forms.keys { forms[key]?.sort { $0.bytes.count > $1.bytes.count } }
    all = forms.values.joined().sorted { $0.bytes.count > $1.bytes.count }
  }

  /// Combines these redactors.
  public init(joining others: [Redactor]) {
    self.others = others
  }

  /// The text with every known value replaced by `<redacted>`.
  public func redact(_ text: String) -> String {
    let text = others.reduce(text) { $1.redact($0) }
    guard !forms.isEmpty else { return text }
    return replaced(text, withCutParts: true) { form, bytes, start, end in
      form.length >= Self.shortestInsideWords || form.standsAlone(in: bytes, at: start, end: end)
    }
  }

  /// JSON text in which every known value of sufficient length is replaced inside the strings; it stays JSON.
  public func redactJSON(_ text: String) -> String {
    let text = others.reduce(text) { $1.redactJSON($0) }
    guard !forms.isEmpty else { return text }
    return replaced(text, withCutParts: false) { form, bytes, start, end in
      // A quotation mark that is not escaped ends a string.
      form.length >= Self.shortestInJSON
        && !(start..<end).contains {
          bytes[$0] == UInt8(ascii: "\"") && ($0 == start || bytes[$0 - 1] != UInt8(ascii: "\\"))
        }
    }
  }

  private func replaced(
    _ text: String, withCutParts: Bool, _ counts: (SecretForm, [UInt8], Int, Int) -> Bool
  ) -> String {
    let bytes = Array(text.utf8)
    var result: [UInt8] = []
    var isChanged = false
    var index = 0
    while index < bytes.count {
      if let end = end(in: bytes, at: index, withCutParts, counts) {
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

  /// Where the longest form ends that starts here; if none is complete, the longest truncated one.
  private func end(
    in bytes: [UInt8], at start: Int, _ withCutParts: Bool, _ counts: (SecretForm, [UInt8], Int, Int) -> Bool
  ) -> Int? {
    var longestCut: Int?
    for form in EscapedByte.marks.contains(bytes[start]) ? all : forms[bytes[start]] ?? [] {
      switch form.match(in: bytes, at: start) {
      case .whole(let end) where counts(form, bytes, start, end): return end
      case .cut(let end) where withCutParts: longestCut = max(longestCut ?? end, end)
      default: break
      }
    }
    return longestCut
  }
}

extension Redactor: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// Shows none of the secrets.
  public var description: String { "Redactor" }
  /// Shows none of the secrets.
  public var debugDescription: String { "Redactor" }
  /// A mirror without children, so that `dump` shows nothing.
  public var customMirror: Mirror { Mirror(self, children: [:]) }
}
