import Connections
import JobQueue
import Manifests
import SQLiteJobStore
import Settings
import StreamingJobs

/// What is known about the resources of a manifest right now, from the queue file and the providers. It changes nothing
/// and creates no file.
struct PlanLook {
  /// What is known about each resource, in order.
  private(set) var states: [ResourceState]
  /// The requests sent to each connection, by gate.
  private(set) var calls: [String: CallCount]
  /// The budgets of the queue.
  private(set) var budgets: [BudgetStatus] = []

  /// Reads the queue file, if there is one, then asks the providers.
  /// - Parameters:
  ///   - choose: which of the resources to look for, given what the queue knows about them.
  init(
    at resources: [Expansion.Resource], of manifest: String, _ settings: Settings, now: Timestamp,
    choose: (KnownResources) -> [Int: NewJob]
  ) async throws {
    var known = KnownResources()
    if !Queue.isMissing(settings) {
      (known, budgets) = try await Queue.looking(settings) { store in
        (try await KnownResources(of: resources, manifest: manifest, in: store), try await store.budgets(at: now))
      }
    }
    let wanted = choose(known)
    let clients = LiveClients(settings, environment: ProcessContext.environment)
    if !wanted.isEmpty { await clients.readSecrets() }
    let look = ProviderLook(clients: clients)
    let scan = ProviderScan(
      look, secrets: clients.knownSecrets,
      atOnce: settings.connections.limitsByGate.compactMapValues(\.concurrentWrites))
    let results = await scan.results(of: wanted)
    await clients.shutdown()
    calls = look.calls
    states = resources.indices.map {
      ResourceState(look: results[$0], item: known.items[$0], job: known.pending[$0])
    }
  }

  /// What limits the requests to each connection.
  static func limits(_ settings: Settings) -> [String: PlanForecast.Limits] {
    settings.connections.limitsByGate.mapValues {
      PlanForecast.Limits(requestsPerSecond: $0.requestsPerSecond, concurrentWrites: $0.concurrentWrites ?? 1)
    }
  }

  /// What could not be checked, reported once per connection; nil if everything was.
  static func problem(_ plan: Plan, help: String? = nil) -> CommandError? {
    let failures = plan.failures
    guard !failures.isEmpty else { return nil }
    let causes = Set(failures.map(\.failure.cause))
    let status: ExitStatus =
      causes.contains(.permission) ? .notAllowed : causes.contains(.temporary) ? .temporary : .failed
    let diagnostics = failures.map { failure, resources in
      let words = resources == 1 ? "1 resource" : "\(resources) resources"
      let whose = failure.gate.map { "\(ProviderGate.words($0)): " } ?? ""
      return Diagnostic(
        code: "RD0431", message: "\(whose)\(words) could not be checked", notes: [failure.reason], help: help)
    }
    return CommandError(status: status, diagnostics: diagnostics)
  }
}
