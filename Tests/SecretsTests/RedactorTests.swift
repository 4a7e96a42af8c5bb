import Foundation
import Secrets
import Testing

@Suite("A redactor")
struct RedactorTests {
  private static let value = #"ca"na/ry+Sch\lüssel&<x>'"#
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
