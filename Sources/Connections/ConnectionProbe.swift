import HTTPTransport
import Secrets
import Settings

/// A connection that `rundown doctor` can look at.
protocol CheckedConnection: Connection {
  /// Looks, and changes nothing.
  func check(_ name: String, by probe: ConnectionProbe) async -> [CheckResult]
}

/// Asks what a connection leads to, and tells what is wrong with it.
struct ConnectionProbe {
  let clients: LiveClients
  private let secrets: SecretResolver

  init(_ clients: LiveClients, environment: [String: String]) {
    self.clients = clients
    secrets = SecretResolver(environment: environment, now: { ContinuousClock.now })
  }

  /// Whether its secrets can be read, then what it answers.
  func endpoint(
    _ subject: String, _ needed: [SecretReference], _ ask: () async throws -> String
  ) async -> [CheckResult] {
    await clients.readSecrets()
    let found = await references(subject, needed)
    guard !found.contains(where: { $0.state == .bad }) else { return found }
    // What the other side says may hold what it was sent.
    let sent = SentSecrets(sharing: clients.knownSecrets)
    let told = await SentSecrets.$current.withValue(sent) { await answer(subject, found, ask) }
    return told.map { finding in
      var finding = finding
      finding.words = sent.redact(finding.words)
      finding.fix = finding.fix.map(sent.redact)
      return finding
    }
  }

  private func answer(_ subject: String, _ found: [CheckResult], _ ask: () async throws -> String) async
    -> [CheckResult]
  {
    do {
      return found.filter { $0.state == .unwise } + [
        CheckResult(state: .good, subject: subject, words: try await ask())
      ]
    } catch let error as ProviderError {
      // A bucket that we may not look at proves that the credentials are known.
      if error.provider == "s3", error.status == 403, error.code == "AccessDenied" {
        return found + [CheckResult(state: .good, subject: subject, words: "credentials are accepted")]
      }
      let refused = error.status == 401 || error.status == 403
      return found + [
        CheckResult(state: refused ? .refused : .bad, subject: subject, words: error.description, fix: error.hint)
      ]
    } catch {
      return found + [CheckResult(state: .bad, subject: subject, words: "\(error)")]
    }
  }

  /// What is wrong or unwise about where secrets are kept; one good finding when nothing is.
  func references(_ subject: String, _ references: [SecretReference]) async -> [CheckResult] {
    var findings: [CheckResult] = []
    for reference in references {
      do {
        let (_, warnings) = try await secrets.diagnose(reference)
        findings += warnings.map { CheckResult(state: .unwise, subject: subject, words: "\(reference): \($0)") }
      } catch let error as SecretError {
        findings.append(
          CheckResult(
            state: .bad, subject: subject, words: "secret \(error.reference): \(error.cause)", fix: error.hint))
      } catch {
        findings.append(CheckResult(state: .bad, subject: subject, words: "\(reference): \(error)"))
      }
    }
    return findings.isEmpty ? [CheckResult(state: .good, subject: subject, words: "its secrets can be read")] : findings
  }
}
