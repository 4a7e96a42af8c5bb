package import JobQueue
package import Settings
import StreamingJobs

extension Connections {
  /// The gates of all connections that have one.
  package var gates: [String] {
    ConnectionKind.allCases.flatMap { kind in names(in: kind.rawValue).compactMap(kind.gate) }
  }
}

/// Refuses a gate that nothing uses: no connection of the configuration and no unfinished job has it, and it was never
/// closed.
///
/// The file is checked as well, because its jobs may have been enqueued where other connections are known. If neither
/// knows any gate, nothing is refused.
package struct GateCheck {
  private let configured: [String]
  private let store: any QueryStore

  /// Creates a check against a configuration and a queue.
  package init(_ settings: Settings, _ store: any QueryStore) {
    configured = settings.connections.gates
    self.store = store
  }

  /// Looks for a gate.
  /// - Throws: ``Diagnostic`` RD0303 if nothing uses it.
  package func check(_ gate: String) async throws {
    var known = Set(configured)
    if known.contains(gate) { return }
    known.formUnion(try await store.gates().map(\.gate.key))
    try await store.eachPage(JobQuery(states: JobState.allCases.filter { !$0.isFinished })) { page in
      known.formUnion(page.compactMap(\.gate))
      return !known.contains(gate)
    }
    guard !known.contains(gate), !known.isEmpty else { return }
    let near = Suggestion.nearest(to: gate, among: known.sorted())
    throw Diagnostic(
      code: "RD0303", message: "no connection and no job uses gate '\(gate)'",
      help: near.map { "did you mean \($0)?" } ?? "known: \(known.sorted().joined(separator: ", "))")
  }
}
