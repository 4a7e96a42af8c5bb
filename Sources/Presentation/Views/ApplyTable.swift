package import JobQueue
package import Manifests

/// What became of the jobs of an apply, for people.
package struct ApplyTable {
  /// At most so many jobs that differ are listed.
  private static let mostDifferences = 5

  private let manifest: String
  private let jobs: [(resource: Expansion.Resource, receipt: EnqueueReceipt)]
  private let others: [JobID: [String]]
  private let waves: RolloutWaves
  private let file: String
  private let skipped: Int?

  /// - Parameters:
  ///   - receipts: the receipt of each resource's job.
  ///   - others: for jobs that were already present, the parameters that differ from those given now.
  ///   - file: the queue file.
  ///   - skipped: how many resources a saved plan left out; nil for an apply of everything.
  package init(
    _ expansion: Expansion, _ receipts: [EnqueueReceipt], others: [JobID: [String]], waves: RolloutWaves, file: String,
    skipped: Int? = nil
  ) {
    manifest = expansion.name
    jobs = zip(expansion.resources, receipts).map { (resource: $0, receipt: $1) }
    (self.others, self.waves, self.file, self.skipped) = (others, waves, file, skipped)
  }

  /// How many jobs of each kind are new, and how many were already present.
  package func rendered(for terminal: Terminal) -> String {
    var table = Table([.init("KIND"), .init("NEW", isNumber: true), .init("PRESENT", isNumber: true)])
    for kind in Set(jobs.map(\.resource.job.kind)).sorted() {
      let own = jobs.filter { $0.resource.job.kind == kind }
      let there = own.count { $0.receipt.alreadyPresent }
      table.add([.init(kind), .init("\(own.count - there)"), .init("\(there)")])
    }
    return table.rendered(for: terminal)
  }

  /// The jobs already present that differ from what the file asks, each in a sentence.
  package var differences: [String] {
    let told = jobs.filter { others[$0.receipt.id] != nil }.prefix(Self.mostDifferences).map { resource, receipt in
      let fields = others[receipt.id] ?? []
      return "\(resource.name) is already present as job \(receipt.id) (\(receipt.state.rawValue)), with"
        + " \(fields.count == 1 ? "a different" : "different") \(fields.joined(separator: ", "));"
        + " it was not changed. To change it: rundown jobs cancel \(receipt.id), then apply again"
    }
    let rest = others.count - told.count
    return told + (rest > 0 ? ["… and \(rest) more are already present with different parameters"] : [])
  }

  /// What happens next, and how much was added.
  package var summary: [String] {
    let added = jobs.count { !$0.receipt.alreadyPresent }
    let sum = "\(manifest): \(Self.plural(added, "job")) enqueued in \(file), \(jobs.count - added) already present"
    return [Self.waves(waves.sizes, failedPercent: waves.failedPercent), existing(added), sum].compactMap { $0 }
  }

  /// What happens to what already exists.
  private func existing(_ added: Int) -> String? {
    guard let skipped else { return added == 0 ? nil : "each job looks first: what exists as requested stays as it is" }
    return skipped == 0 ? nil : "\(Self.plural(skipped, "resource")) \(skipped == 1 ? "needs" : "need") no new job"
  }

  /// How the streams are rolled out; nil if all at once.
  package static func waves(_ sizes: [Int], failedPercent: Int) -> String? {
    guard sizes.count > 1 else { return nil }
    let share = failedPercent == 0 ? "if one fails" : "if more than \(failedPercent) % of a wave fail"
    let words = sizes.map { "\($0)" }.joined(separator: ", then ")
    return "rollout in \(sizes.count) waves: \(words) streams; it stops \(share)"
  }

  /// `1 stream`, `2 streams`.
  package static func plural(_ count: Int, _ word: String) -> String { "\(count) \(word)\(count == 1 ? "" : "s")" }
}
