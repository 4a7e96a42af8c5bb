import Foundation
import HTTPTransport
import Testing

@testable import StreamingJobs

@Suite("The page of the providers")
struct ProvidersPageTests {
  @Test(
    "tells of each provider what its table says, row by row",
    arguments: [
      ("Before a request left", UnsentFailures.rows),
      ("An answer of somebody else", ForeignFailures.rows),
    ] + ProviderFailures.all.map { ($0.name, $0.table.all) })
  func table(heading: String, rows: [FailureRow]) throws {
    let section = try #require(try page().components(separatedBy: "\n## ").first { $0.hasPrefix(heading + "\n") })
    let lines = section.split(separator: "\n").map(String.init).filter { $0.hasPrefix("|") }
    let wanted = Self.head + rows.map(line)
    #expect(lines == wanted, "wanted under '## \(heading)':\n\(wanted.joined(separator: "\n"))")
  }

  @Test("names every way in which a row can end")
  func ways() throws {
    let intro = try #require(try page().components(separatedBy: "\n## ").first)
    for way in [
      "close the gate", "close the gate, unless others pass", "close the gate, or wait alone", "wait alone",
      "wait for the budget", "try again",
      "try again, unless it is a series", "hold",
      "dead",
    ] {
      #expect(intro.contains("**\(way)**"), "\(way)")
    }
  }

  private func page() throws -> String {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return try String(contentsOf: root.appendingPathComponent("docs/providers.md"), encoding: .utf8)
  }

  private static let head = ["| answer | where it broke | what we do | waits |", "|---|---|---|---|"]

  private func line(_ row: FailureRow) -> String {
    let (way, waits) = way(row.means)
    return "| \(answer(row)) | \(places(row)) | \(way): \(row.words) | \(waits) |"
  }

  private func answer(_ row: FailureRow) -> String {
    (row.isForeign ? "somebody else's " : "") + told(row)
  }

  private func told(_ row: FailureRow) -> String {
    var parts = row.codes.map { "`\($0)`" } + statuses(row.statuses)
    switch row.clock {
    case .off(let allowed): parts.append("clocks more than \(allowed.components.seconds) s apart")
    case .agrees(let allowed): parts.append("clocks at most \(allowed.components.seconds) s apart")
    case nil: break
    }
    return parts.isEmpty ? "any other" : parts.joined(separator: ", ")
  }

  /// Whole hundreds in one word.
  private func statuses(_ statuses: [Int]) -> [String] {
    if statuses == Array(100...599) { return ["any status"] }
    var left = statuses
    var words: [String] = []
    while let first = left.first {
      if left.starts(with: first..<(first + 100)) {
        words.append("\(first / 100)xx")
        left.removeFirst(100)
      } else {
        words.append(first == FailureRow.noAnswer ? "no whole answer" : "\(first)")
        left.removeFirst()
      }
    }
    return words
  }

  private func places(_ row: FailureRow) -> String {
    let words = [(Delivery.notSent, "not sent"), (.refused, "refused"), (.unknown, "unknown")]
    return words.filter { row.broke.contains($0.0) }.map(\.1).joined(separator: ", ")
  }

  private func way(_ means: FailureMeaning) -> (String, String) {
    switch means {
    case .retry: ("try again", "backoff")
    case .suspectOutage: ("try again, unless it is a series", "backoff")
    case .closeGate(let base): ("close the gate", "\(base.components.seconds) s, doubling")
    case .closeGateUnlessAlone(let base):
      ("close the gate, unless others pass", "\(base.components.seconds) s, doubling")
    case .closeGateOrWait(let base): ("close the gate, or wait alone", "\(base.components.seconds) s, doubling")
    case .snooze(let wait): ("wait alone", "\(wait.components.seconds) s")
    case .budgetSpent(let wait): ("wait for the budget", "its turn; without a budget \(wait.components.seconds) s")
    case .hold: ("hold", "for a person")
    case .dead: ("dead", "–")
    }
  }
}
