import Secrets
import Testing

@Suite("Secret references and their resolution")
struct SecretResolverTests {
  @Test("a literal is refused and not repeated")
  func literal() {
    do throws(SecretError) {
      _ = try SecretReference(parsing: "hunter2")
      Issue.record("a literal was taken")
    } catch {
      #expect(error.code == .literal)
      #expect(!"\(error)".contains("hunter2"))
    }
  }

  @Test(
    "short forms describe themselves as written",
    arguments: ["file:/etc/pw", "credential:wse_user", "env:PW", "aws-profile:prod"])
  func shortForms(text: String) throws {
    #expect(try SecretReference(parsing: text).description == text)
  }

  @Test("a credential cannot leave its directory")
  func traversal() {
    #expect(throws: SecretError.self) { try SecretReference(parsing: "credential:../shadow") }
  }

  @Test("a credential loses its line break and warns when others can read it")
  func credential() async throws {
    let start = ContinuousClock.now
    let resolver = SecretResolver(
      environment: ["CREDENTIALS_DIRECTORY": "/c"], now: { start },
      readFile: { path in
        #expect(path == "/c/pw")
        return SecretFile(bytes: Array("s3cret\n".utf8), isReadableByOthers: true)
      })
    let found = try await resolver.diagnose(.credential("pw"))
    #expect(found.secret.reveal() == "s3cret")
    #expect(found.warnings.count == 1)
    #expect(!found.warnings.joined().contains("s3cret"))
  }

  @Test("a missing file is named with cause and hint")
  func missing() async {
    let start = ContinuousClock.now
    let resolver = SecretResolver(environment: [:], now: { start })
    do {
      _ = try await resolver.resolve(.file("/nonexistent/pw"))
      Issue.record("found")
    } catch let error as SecretError {
      #expect(error.code == .missing)
      #expect(error.reference == "file:/nonexistent/pw")
      #expect(!error.hint.isEmpty)
    } catch { Issue.record(error) }
  }

  @Test("a known value is taken out of a message, the longer one first")
  func redaction() {
    let redactor = Redactor([Secret("ab"), Secret("abc"), Secret("")])
    #expect(redactor.redact("x abc y ab") == "x <redacted> y <redacted>")
  }

  /// A single mistake in the file of a secret, as editors and `echo` make them.
  @Test(
    "blanks and line breaks at both ends are no part of it",
    arguments: ["s3 cret\n\n", "\r\n s3 cret\r\n\r\n", "\t s3 cret \t\n \n", "\u{a0}s3 cret\u{2028}"])
  func trimmed(text: String) async throws {
    #expect(try await Self.resolve(Array(text.utf8)).reveal() == "s3 cret")
  }

  private static let wide = Array("s3cret".utf16).reduce(into: [UInt8]()) { $0 += [UInt8($1 & 255), UInt8($1 >> 8)] }

  static let mistakes: [(bytes: [UInt8], cause: String)] = [
    ([], "it is empty"),
    (Array(" \r\n\t\n".utf8), "it is empty"),
    (Array("s3\ncret".utf8), "it contains a line break"),
    (Array("s3\r\ncret\n".utf8), "it contains a line break"),
    (Array("s3\u{1b}cret".utf8), "it contains a control character"),
    (Array("s3\u{7f}cret".utf8), "it contains a control character"),
    (Array("s3\u{85}cret".utf8), "it contains a control character"),
    (Array("\u{feff}s3cret".utf8), "it contains a byte order mark"),
    (Array("s3cret\u{feff}\n".utf8), "it contains a byte order mark"),
    ([0xff, 0xfe] + wide, "it is UTF-16, not UTF-8"),
    (wide, "it contains a NUL, as UTF-16 does"),
    ([0x73, 0x33, 0xfc, 0x63], "it is not UTF-8"),
  ]

  @Test("what cannot be sent is no secret: the error names the reference, and not a byte of it", arguments: mistakes)
  func unusable(bytes: [UInt8], cause: String) async throws {
    let error = await #expect(throws: SecretError.self) { try await Self.resolve(bytes) }
    #expect(error?.cause == cause)
    #expect(error?.reference == "file:/pw")
    #expect(error.map { !"\($0)".contains("s3") && !"\($0)".contains("cret;") } == true)
  }

  private static func resolve(_ bytes: [UInt8]) async throws -> Secret {
    let start = ContinuousClock.now
    let resolver = SecretResolver(
      environment: [:], now: { start }, readFile: { _ in SecretFile(bytes: bytes, isReadableByOthers: false) })
    return try await resolver.resolve(.file("/pw"))
  }
}
