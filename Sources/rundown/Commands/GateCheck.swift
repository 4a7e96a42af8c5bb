import Connections
import JobQueue
import Settings

/// Refuses a gate that nobody goes through: no connection of the configuration has it and no unfinished job, and it was
/// never closed.
///
/// The file is asked as well, because its jobs may have been enqueued where other connections are known. When neither
/// knows any gate, nothing is refused.
struct GateCheck {
  private let configured: [String]
  private let store: any QueryStore

  init(_ settings: Settings, _ store: any QueryStore) {
    configured = settings.connections.gates
    self.store = store
  }

  func check(_ gate: String) async throws {
    var known = Set(configured)
    if known.contains(gate) { return }
    known.formUnion(try await store.gates().map(\.gate.key))
    try await store.eachPage(JobQuery(states: JobState.allCases.filter { !$0.isFinished })) { page in
      known.formUnion(page.compactMap(\.gate))
      return !known.contains(gate)
    }
    guard !known.contains(gate), !known.isEmpty else { return }
    let near = Suggestion.nearest(to: gate, among: known.sorted())
    throw CommandError.input(
      "RD0303", "no connection and no job uses gate '\(gate)'",
      help: near.map { "did you mean \($0)?" } ?? "known: \(known.sorted().joined(separator: ", "))")
  }
}
