import AWSClient
import HTTPTransport
import JobQueue
import Secrets
package import Settings
import WowzaEngineClient
import WowzaVideoClient

/// Each secret reference, each endpoint, each credential. Every call only reads.
package struct ConnectionsCheck {
  private let settings: Settings
  private let clients: LiveClients
  private let secrets: SecretResolver

  /// Checks what these settings lead to.
  package init(_ settings: Settings, environment: [String: String]) {
    self.settings = settings
    clients = LiveClients(settings, environment: environment)
    secrets = SecretResolver(environment: environment, now: { ContinuousClock.now })
  }

  /// The checks in the order of the configuration.
  package var all: [() async -> [CheckResult]] {
    let connections = settings.connections
    var checks: [() async -> [CheckResult]] = []
    for (name, engine) in connections.engines.sorted(by: { $0.key < $1.key }) {
      checks.append {
        let subject = "engine \(name)"
        let found = await endpoint(subject, engine.value.secretReferences) {
          let status = try await clients.engine(name).serverStatus()
          return "answers, version \(status.serverVersion ?? "unknown")"
        }
        guard found.contains(where: { $0.state == .good }) else { return found }
        return found + (await authentication(subject, name, engine.value.authentication))
      }
    }
    for (name, account) in connections.aws.sorted(by: { $0.key < $1.key }) {
      checks.append {
        await endpoint("aws \(name)", account.value.secretReferences) {
          try await clients.checkCredentials(name)
          // No bucket has this name, so the answer tells only whether the credentials are known there.
          _ = try await clients.s3(name, region: nil).headBucket("rundown-doctor-looks-only")
          return "credentials are accepted"
        }
      }
    }
    for (name, account) in connections.wowzaVideo.sorted(by: { $0.key < $1.key }) {
      checks.append {
        await endpoint("wowzaVideo \(name)", account.value.secretReferences) {
          _ = try await clients.wowzaVideo(name).fastlyTargets(named: "rundown doctor looks only")
          return "answers with version \(account.value.version)"
        }
      }
    }
    for (name, pair) in connections.pushCredentials.sorted(by: { $0.key < $1.key }) {
      checks.append {
        await references("push credential \(name)", pair.value.secretReferences)
      }
    }
    return checks
  }

  /// Ends what the checks opened.
  package func shutdown() async { await clients.shutdown() }

  /// An engine that asks for nothing, or for less than is sent, answers well; the file should still say what is true.
  private func authentication(
    _ subject: String, _ name: String, _ configured: EngineConnection.Authentication
  ) async -> [CheckResult] {
    guard let fitting = try? await clients.engine(name).fittingAuthentication(), fitting != configured.rawValue,
      configured != .negotiate || fitting == "none"
    else { return [] }
    let asks = fitting == "none" ? "no credentials" : fitting == "basic" ? "Basic" : "Digest"
    return [
      CheckResult(
        state: .unwise, subject: subject, words: "asks for \(asks), auth is \(configured.rawValue)",
        fix: "write auth: \(fitting)")
    ]
  }

  private func endpoint(
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
  private func references(_ subject: String, _ references: [SecretReference]) async -> [CheckResult] {
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
