import HTTPTransport
import Secrets
import Settings

/// A connection that `rundown doctor` can check.
protocol CheckedConnection: Connection {
  /// Checks it without changing anything.
  func check(_ name: String, by probe: ConnectionProbe) async -> [CheckResult]
}

/// Sends a request to a connection's endpoint and reports what is wrong with it.
struct ConnectionProbe {
  let clients: LiveClients
  private let secrets: SecretResolver

  init(_ clients: LiveClients, environment: [String: String]) {
    self.clients = clients
    secrets = SecretResolver(environment: environment, now: { ContinuousClock.now })
  }

  /// The remedy for errors at an address.
  /// - Parameters:
  ///   - key: the configuration key of the address.
  ///   - authorities: which authorities are trusted there besides the system's.
  func remedy(_ key: String, _ address: String?, authorities: String?) -> Remedy {
    Remedy(key: key, address: address) { [clients] (url: String) async throws(HTTPTransportError) -> Void in
      let transport = await clients.transports.transport(authorities: authorities)
      _ = try await transport.send(
        HTTPRequest(url: url, timeouts: HTTPTimeouts(connect: .seconds(5), total: .seconds(5))))
    }
  }

  /// Whether its secrets can be read, then what it answers.
  func endpoint(
    _ subject: String, _ needed: [SecretReference], _ remedy: Remedy, _ ask: () async throws -> String
  ) async -> [CheckResult] {
    await clients.readSecrets()
    let found = await references(subject, needed)
    guard !found.contains(where: { $0.state == .bad }) else { return found }
    // The other side's answer may contain what it was sent. A word of the address is in the configuration anyway: if a
    // user name that is part of the host's name were hidden, nobody would know which host is meant.
    let sent = SentSecrets(sharing: clients.knownSecrets, besides: remedy.address ?? "")
    let told = await SentSecrets.$current.withValue(sent) { await answer(subject, found, remedy, ask) }
    return told.map { finding in
      var finding = finding
      finding.words = sent.redact(finding.words)
      finding.fix = finding.fix.map(sent.redact)
      return finding
    }
  }

  private func answer(
    _ subject: String, _ found: [CheckResult], _ remedy: Remedy, _ ask: () async throws -> String
  ) async -> [CheckResult] {
    let unwise = found.filter { $0.state == .unwise }
    do {
      return unwise + [CheckResult(state: .good, subject: subject, words: try await ask())]
    } catch let error as ProviderError
      where error.provider == "s3" && error.status == 403 && error.code == "AccessDenied"
    {
      // A bucket that we may not look at proves that the credentials are known.
      return unwise + [CheckResult(state: .good, subject: subject, words: "credentials accepted")]
    } catch {
      let status = (error as? ProviderError)?.status
      let told = await remedy.split(error)
      return unwise + [
        CheckResult(
          state: status == 401 || status == 403 ? .refused : .bad, subject: subject, words: told.words, fix: told.fix)
      ]
    }
  }

  /// What is wrong or unwise about where secrets are kept; one good result if nothing is.
  func references(_ subject: String, _ references: [SecretReference]) async -> [CheckResult] {
    var findings: [CheckResult] = []
    for reference in references {
      do {
        let (_, warnings) = try await secrets.diagnose(reference)
        // It already contains the reference.
        findings += warnings.map { CheckResult(state: .unwise, subject: subject, words: $0) }
      } catch let error as SecretError {
        findings.append(
          CheckResult(
            state: .bad, subject: subject, words: "secret \(error.reference): \(error.cause)", fix: error.hint))
      } catch {
        findings.append(
          CheckResult(
            state: .bad, subject: subject, words: "\(reference): \(error)", fix: "make sure that this user can read it")
        )
      }
    }
    guard !references.isEmpty else { return [] }
    return findings.isEmpty ? [CheckResult(state: .good, subject: subject, words: "secrets are readable")] : findings
  }
}
