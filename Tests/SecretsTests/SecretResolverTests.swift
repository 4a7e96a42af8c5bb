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
}
