import FoundationEssentials
import Testing

extension Trials {
  @Suite("The storm", .timeLimit(.minutes(20)))
  struct StormTests {
    /// The last line that it prints.
    private struct Line: Decodable, Equatable {
      struct Things: Decodable, Equatable {
        var map_entries: Int
        var targets: Int
        var live_streams: Int
        var uploads: Int
      }

      var wanted: Things
      var created: Things
      var duplicates: Int
      var lost: Int
      var attempts_burnt: Int
      var request_ratio: Double
      var kills: Int
      var seconds: Double
    }

    @Test("lost answers, refusals, an outage, an expired token and kills: everything is there once, nothing was burnt")
    func short() async throws {
      try await Stage.open { stage in
        let storm = try await stage.storm("--short", "--json", "--seed", "\(Trials.seed)")
        let ended = await storm.end()
        let story: Comment = "seed \(Trials.seed)\n\(ended.errors)\(ended.output)"
        let text = try #require(ended.output.split(separator: "\n").last, story)
        let line = try JSONDecoder().decode(Line.self, from: Data(text.utf8))
        let all = Line.Things(map_entries: 60, targets: 2, live_streams: 8, uploads: 6)
        let isKept =
          line.wanted == all && line.created == all && line.duplicates == 0 && line.lost == 0
          && line.attempts_burnt == 0 && line.request_ratio <= 1.5
        #expect(isKept && ended.status == 0, story)
        // Kills that never came prove nothing.
        #expect(line.kills > 0, story)
        // What `rundown` itself left behind, killed and at its end.
        let inspection = try Inspection("\(stage.folder)/storm/storm.db", tally: nil)
        #expect(inspection.problems.isEmpty, story)
        #expect(inspection.jobs == 60 + 2 + 8 + 6, story)
      }
    }
  }
}
