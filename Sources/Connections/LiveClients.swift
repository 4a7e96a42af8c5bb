import AWSClient
package import HTTPTransport
import JobQueue
package import Secrets
package import Settings
import StreamingJobs
import WowzaEngineClient

/// The clients of the configured connections. Each provider's part is in a file of its own.
package actor LiveClients: ClientDirectory {
  let connections: Connections
  let environment: [String: String]
  let secrets: SecretResolver
  /// Everything that was resolved: no text of one provider shows what is sent to another, which may be the same host.
  package nonisolated let knownSecrets: SentSecrets
  private var reading: Task<Void, Never>?
  let transports: Transports
  private var paces: [String: RequestPace] = [:]
  var authentications: [String: AuthenticationMemory] = [:]
  var credentials: [String: any AWSCredentialProvider] = [:]
  let conditions = S3Conditions()

  /// - Parameter environment: the process's, for references and for the variables that all AWS programs read.
  package init(_ settings: Settings, environment: [String: String]) {
    connections = settings.connections
    self.environment = environment
    let known = SentSecrets()
    knownSecrets = known
    secrets = SecretResolver(
      environment: environment, now: { ContinuousClock.now }, onSecret: { known.add([$0]) })
    transports = Transports()
  }

  /// Ends all transfers and threads.
  package func shutdown() async { await transports.shutdown() }

  /// Reads each secret once, so that all are known before the first answer comes. Those that a program prints become
  /// known when they are needed; one that cannot be read is reported when it is needed.
  package func readSecrets() async {
    if let reading { return await reading.value }
    // All later callers wait for the same read, and it must finish even if the first of them is cancelled.
    let reading = Task { [secrets, references = connections.secretReferences] in
      for reference in references {
        if case .command = reference { continue }
        _ = try? await secrets.resolve(reference)
      }
    }
    self.reading = reading
    await reading.value
  }

  /// Drops all cached secrets and the credentials made from them, and reads each secret again: jobs that start from now
  /// on use the current ones.
  /// - Returns: the number of references, and the errors of those that cannot be read. A program that prints a secret
  ///   is run when the secret is needed.
  package func rereadSecrets() async -> (references: Int, unreadable: [SecretError]) {
    await secrets.forget()
    credentials = [:]
    let references = Set(connections.secretReferences).sorted { "\($0)" < "\($1)" }
    var unreadable: [SecretError] = []
    for reference in references {
      if case .command = reference { continue }
      do {
        _ = try await secrets.resolve(reference)
      } catch let error as SecretError {
        unreadable.append(error)
      } catch {
        unreadable.append(
          SecretError(code: .unreadable, reference: "\(reference)", cause: "\(error)", hint: "see: rundown doctor"))
      }
    }
    return (references.count, unreadable)
  }

  /// The transport at the pace of a connection; all clients of one connection share it.
  func paced(
    _ gate: String, _ limits: ConnectionLimits, _ transport: CurlTransport, fallback: Int? = nil
  ) -> any HTTPTransport {
    guard let count = limits.requestsPerSecond ?? fallback else { return transport }
    let pace: RequestPace
    if let known = paces[gate] {
      pace = known
    } else {
      let start = ContinuousClock.now
      pace = RequestPace(
        perSecond: count, now: { ContinuousClock.now - start }, sleep: { try await Task.sleep(for: $0) })
      paces[gate] = pace
    }
    return PacedTransport(transport, pace: pace)
  }

  static let seconds: @Sendable () -> Int64 = { SystemClock().now().milliseconds / 1000 }
}
