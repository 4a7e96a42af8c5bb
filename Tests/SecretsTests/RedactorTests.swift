import Foundation
import Secrets
import Testing

@Suite("A redactor")
struct RedactorTests {
  private static let value = #"ca"na/ry+Sch\lüssel&<x>'"#
  private static let encoded = Data(value.utf8).base64EncodedString()
  private static let redactor = Redactor([Secret(value)])

  @Test(
    "knows a secret in every form in which it comes back",
    arguments: [
      ("as it is", value), ("in JSON", #"ca\"na/ry+Sch\\lüssel&<x>'"#),
      ("in JSON of others", #"ca\"na\/ry+Sch\\lüssel&<x>'"#),
      ("in XML", #"ca&quot;na/ry+Sch\lüssel&amp;&lt;x&gt;&apos;"#),
      ("in a URL", "ca%22na%2Fry%2BSch%5Cl%C3%BCssel%26%3Cx%3E%27"),
      ("in a URL of others", "ca%22na%2fry%2bSch%5cl%c3%bcssel%26%3cx%3e%27"),
      ("in base64", Data(value.utf8).base64EncodedString()),
      ("as a password of Basic", Data("user:\(value)".utf8).base64EncodedString()),
      ("in JSON of a library that knows only ASCII", #"ca\"na/ry+Sch\\l\u00fcssel&<x>'"#),
      ("in JSON that stands in JSON", #"ca\\\"na\\\/ry+Sch\\\\l\\u00fcssel\\u0026\\u003cx>'"#),
      ("in HTML", "ca&#34;na/ry+Sch\\l&#252;ssel&amp;&lt;x&gt;&#x27;"),
      ("in a log", #"ca\x22na/ry+Sch\\l\xC3\xBCssel&<x>'"#),
      ("in base64 in JSON", encoded.replacing("/", with: #"\/"#)),
      (
        "in base64 in a URL",
        encoded.replacing("+", with: "%2B").replacing("/", with: "%2F").replacing("=", with: "%3D")
      ),
      (
        "in base64, broken into lines",
        "\(encoded.prefix(10))\r\n\(encoded.dropFirst(10).prefix(10))\n \(encoded.dropFirst(20))"
      ),
      ("in base64 whose lines were joined", "\(encoded.prefix(12)) \(encoded.dropFirst(12))"),
      ("broken into lines", #"ca"na/ry+Sch\"# + "\n\tlüssel&<x>'\""),
      ("in the midst of base64", Data("ab\(value)".utf8).base64EncodedString()),
      ("in hexadecimal", value.utf8.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()),
    ])
  func forms(name: String, text: String) {
    let told = Self.redactor.redact("id=\(text); more")
    #expect(told.hasPrefix("id=") && told.hasSuffix("; more") && told.contains("<redacted>"), "\(told)")
    #expect(!told.contains(text.dropFirst(4).dropLast(6)))
  }

  @Test("takes out the first part of a secret where a text was cut")
  func cut() {
    let token = Redactor([Secret("eyJhbGciOiJIUzI1NiJ9.payload.signature")])
    #expect(token.redact("token eyJhbGciOiJIUzI") == "token <redacted>")
    #expect(token.redact("the payload") == "the payload")
    for mark in ["...", "…", "****", "**"] {
      #expect(token.redact("token 'eyJhbGciOiJIUzI\(mark)' is wrong") == "token '<redacted>\(mark)' is wrong")
    }
    #expect(token.redact("token eyJhbGc... is wrong") == "token eyJhbGc... is wrong")
    let key = Redactor([Secret("canary/key+0123")])
    for end in ["", "%", "%2", "%2B", "%2B01"] { #expect(key.redact("key=canary%2Fkey\(end)") == "key=<redacted>") }
  }

  @Test(
    "knows a secret that looks like an escape, as it is and escaped",
    arguments: [#"a\\b\n1234"#, "pass%25word%41", "a+b c+d%20", "&amp;lt;word&#38;", #"\u0041\x41\"#, "%", "\\\\\\"])
  func escapes(secret: String) throws {
    let redactor = Redactor([Secret(secret)])
    let percent = secret.utf8.map { "%" + ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    let json = String(decoding: try JSONEncoder().encode(secret), as: UTF8.self).dropFirst().dropLast()
    for text in [secret, percent, percent.replacing("%", with: "%25"), String(json)] {
      #expect(redactor.redact("<\(text)>") == "<<redacted>>", "\(text)")
    }
  }

  @Test("replaces a very short secret only where it stands alone")
  func short() {
    #expect(Redactor([Secret("ab")]).redact("ab, cab: ab") == "<redacted>, cab: <redacted>")
    #expect(Redactor([]).redact("ab") == "ab")
  }

  @Test("leaves JSON as JSON, and short words in it as they are")
  func json() throws {
    let text = #"{"id":"test","name":"x-\#("canary-token-1234")","url":"https://h/?k=ca\"na"}"#
    let told = Redactor([Secret("test"), Secret("canary-token-1234"), Secret(#"id":"test","#)]).redactJSON(text)
    #expect(told == #"{"id":"test","name":"x-<redacted>","url":"https://h/?k=ca\"na"}"#)
  }
}
