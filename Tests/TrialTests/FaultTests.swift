import FoundationEssentials
import SQLiteFaultKit
import Testing

extension Trials {
  @Suite("Faults below SQLite, and the power lost after them", .timeLimit(.minutes(isExhaustive ? 1200 : 20)))
  struct FaultTests {
    private static let points = isExhaustive ? [] : ["points=2000"]

    @Test("lose nothing that any process acknowledged, whatever fails, in every verb, once or for ever")
    func everyVerb() async throws {
      try await Stage.open { stage in
        let report = try await run(stage, Self.points)
        print("\(report.points) of \(report.allPoints) points; files that another process read: \(report.filesRead)")
        print("\(report.separate) times a process of its own went on; said of failed writes: \(report.said)")
        print(report.table)
        #expect(report.problems.isEmpty, "seed \(Trials.seed)")
        #expect(report.wrongCells.isEmpty, "seed \(Trials.seed)")
        #expect(report.points == (isExhaustive ? report.allPoints : 2000))
        #expect(report.separate > 50)
        // Each of the two sentences was said, and held: what was not written is found by nobody.
        for sentence in ["nothing was written", "is unknown whether"] { #expect(report.said[sentence] != nil) }
      }
    }

    @Test("that are planted are found", arguments: PlantedBug.allCases)
    func planted(bug: PlantedBug) async throws {
      try await Stage.open { stage in
        var options = ["points=2000", "bug=\(bug.rawValue)"]
        // Elsewhere what file and log hold shows that they belong together, whatever the mark says.
        if bug == .formerMarkTrusted { options.append("verb=bring up an older file") }
        let report = try await run(stage, options, isBroken: true)
        #expect(!report.problems.isEmpty, "seed \(Trials.seed)")
        // Lost or torn; not a process that would not go on.
        #expect(report.problems.allSatisfy { $0.contains(": power lost") }, "seed \(Trials.seed)")
        print("\(bug.rawValue): found after \(report.points) points: \(report.problems.first ?? "")")
      }
    }

    /// What SQLite says of a file that lost pages.
    private static let wounds = ["no such table", "malformed", "not a database"]

    /// One process for each of two processors.
    /// - Parameter isBroken: whether a bug is planted, which may leave a file in which nothing goes on.
    private func run(_ stage: Stage, _ options: [String], isBroken: Bool = false) async throws -> FaultReport {
      let shares = 2
      var children: [Child] = []
      for share in 0..<shares {
        children.append(
          try await stage.faults(["seed=\(Trials.seed)", "shares=\(shares)", "share=\(share)"] + options))
      }
      var report = FaultReport()
      for child in children {
        let ended = await child.end()
        if isBroken, ended.status != 0, Self.wounds.contains(where: { ended.errors.contains($0) }) {
          // The file was so far gone that the finder itself could not go on in it: found, too.
          report.problems.append(": power lost, \(ended.errors)")
          continue
        }
        try #require(ended.status == 0, "\(ended.errors), seed \(Trials.seed)")
        report.add(try JSONDecoder().decode(FaultReport.self, from: Data(ended.output.utf8)))
      }
      return report
    }
  }
}
