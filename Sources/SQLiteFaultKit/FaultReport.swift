/// The findings of a run over many points.
package struct FaultReport: Sendable, Codable {
  /// How many points were tried.
  package var points = 0
  /// How many there are in all: the number that the long form tries.
  package var allPoints = 0
  /// How many files a separate process read afterwards.
  package var filesRead = 0
  /// How many faults fired, by verb and operation.
  package var fired: [String: [FaultOperation: Int]] = [:]
  /// The verbs, in the order of their story.
  package var verbs: [String] = []
  /// How often each error was reported for a failed write.
  package var said: [String: Int] = [:]
  /// How often a separate process continued after the fault.
  package var separate = 0
  /// What is wrong, each with the way to repeat it.
  package var problems: [String] = []

  /// An empty report.
  package init() {}

  /// Adds the findings of another part of the same run.
  package mutating func add(_ other: FaultReport) {
    points += other.points
    allPoints = max(allPoints, other.allPoints)
    filesRead += other.filesRead
    fired.merge(other.fired) { $0.merging($1, uniquingKeysWith: +) }
    if verbs.isEmpty { verbs = other.verbs }
    problems += other.problems
    said.merge(other.said, uniquingKeysWith: +)
    separate += other.separate
  }

  /// The table of operations and verbs; a cell in which nothing can fire has a dash.
  package var table: String {
    let width = (verbs.map(\.count).max() ?? 0) + 2
    func row(_ name: String, _ cells: [String]) -> String {
      name + String(repeating: " ", count: width - name.count)
        + cells.map { String(repeating: " ", count: max(12 - $0.count, 1)) + $0 }.joined()
    }
    let head = row("", FaultOperation.allCases.map(\.rawValue))
    return
      ([head]
      + verbs.map { verb in
        row(
          verb,
          FaultOperation.allCases.map { operation in
            FaultCells.reason(for: operation, in: verb) == nil
              ? "\(fired[verb]?[operation] ?? 0)" : "-"
          })
      }).joined(separator: "\n")
  }

  /// Cells in which a fault should have fired and none did, and those declared impossible in which one fired.
  package var wrongCells: [String] {
    verbs.flatMap { verb in
      FaultOperation.allCases.compactMap { operation in
        let count = fired[verb]?[operation] ?? 0
        let reason = FaultCells.reason(for: operation, in: verb)
        if count == 0, reason == nil { return "no fault fired at '\(operation.rawValue)' in '\(verb)'" }
        if count > 0, let reason {
          return "\(count) faults fired at '\(operation.rawValue)' in '\(verb)', though: \(reason)"
        }
        return nil
      }
    }
  }
}
