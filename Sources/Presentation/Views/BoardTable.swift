import JobQueue
package import Manifests
import StreamingJobs

/// The board of a manifest for people: its progress, what failed and why, and its streams, starting with those that
/// need attention.
package enum BoardTable {
  private static let columns: [(role: ResourceRole, title: String)] = [
    (.bucket, "BUCKET"), (.mapEntry, "MAP ENTRY"), (.cdnTarget, "TARGET"), (.enableMapEntry, "START"),
    (.disableMapEntry, "STOP"),
  ]

  /// A reason longer than this is not repeated from row to row.
  private static let longReason = 40

  /// - Parameter notices: what keeps jobs from running, a sentence each.
  package static func rendered(
    _ board: Board, notices: [String], times: TimeFormat, for terminal: Terminal
  ) -> String {
    var lines = [terminal.paragraph(summary(board, times), .bold)]
    if board.streams.count > 0 { lines.append(bar(board, times, terminal)) }
    lines += notices.map { terminal.paragraph($0, .red) }
    if let rollout = board.rollout, let why = rollout.waitReason, rollout.state == .scheduled {
      lines.append(terminal.paragraph("rollout: \(why)"))
    }
    lines += ["", resources(board, terminal)]
    let causes = JobCause.grouped(board.failedJobs)
    if !causes.isEmpty { lines += ["", JobCauses.rendered(causes, times: times, for: terminal)] }
    lines += ["", streams(board, times, terminal)]
    return lines.joined(separator: "\n")
  }

  /// `cup: 131 of 200 streams done, 3 failed, 52 running, 14 waiting`
  package static func summary(_ board: Board, _ times: TimeFormat) -> String {
    let rest: [(Board.Standing, String)] = [
      (.failed, "failed"), (.running, "running"), (.waiting, "waiting"), (.absent, "not enqueued"),
    ]
    let words = rest.compactMap { standing, word in
      board.count(standing) > 0 ? "\(board.count(standing)) \(word)" : nil
    }
    let done = "\(board.count(.done)) of \(board.streams.count) \(board.streams.count == 1 ? "stream" : "streams") done"
    return "\(board.expansion.name): " + ([done] + words).joined(separator: ", ")
  }

  private static func bar(_ board: Board, _ times: TimeFormat, _ terminal: Terminal) -> String {
    let percent = board.count(.done) * 100 / max(board.streams.count, 1)
    let left = board.left(at: times.now).map { ", about \(TimeText.span($0)) left" } ?? ""
    let words = " \(percent) %\(left)"
    let size = min(40, max(8, (terminal.width ?? 80) - words.count - 2))
    let full = percent * size / 100
    return "[" + String(repeating: "#", count: full) + String(repeating: ".", count: size - full) + "]" + words
  }

  private static func resources(_ board: Board, _ terminal: Terminal) -> String {
    let standings: [Board.Standing] = [.done, .running, .waiting, .failed, .absent]
    var table = Table(
      [.init("WHAT")]
        + standings.map { .init($0 == .absent ? "NOT ENQUEUED" : $0.rawValue.uppercased(), isNumber: true) })
    for (role, title) in columns where board.expansion.resources.contains(where: { $0.role == role }) {
      let cells = standings.map { standing in
        let count = board.count(standing, role)
        return Table.Cell("\(count)", count > 0 ? colour(standing) : nil)
      }
      table.add([.init(title.lowercased())] + cells)
    }
    return table.rendered(for: terminal)
  }

  private static func streams(_ board: Board, _ times: TimeFormat, _ terminal: Terminal) -> String {
    let shown = columns.filter { column in board.expansion.resources.contains { $0.role == column.role } }
    var table = Table(
      [.init("STREAM", minimum: 12), .init("ENGINE", minimum: 6)] + shown.map { .init($0.title, minimum: 6) },
      note: "WHY")
    var last = ""
    for index in board.order {
      let stream = board.expansion.streams[index]
      let why = why(stream, board)
      // Streams that wait for the same bucket would all repeat its reason, which may take three lines.
      let isRepeated = why == last && why.count > Self.longReason
      last = why
      let cells = shown.map { column in cell(of: stream, column.role, board, times) }
      table.add(
        [.init(stream.name), .init(stream.engine)] + cells, note: .init(isRepeated ? "as above" : why))
    }
    return table.rendered(for: terminal)
  }

  /// If there are several, such as the entries of several renditions, the one that is furthest behind.
  private static func cell(
    of stream: Expansion.Stream, _ role: ResourceRole, _ board: Board, _ times: TimeFormat
  ) -> Table.Cell {
    let cells = stream.resources.filter { board.expansion.resources[$0].role == role }.map { board.cells[$0] }
    for standing in Board.Standing.allCases {
      guard let cell = cells.first(where: { $0.standing == standing }) else { continue }
      // A planned moment, whether the job waits for it alone or for its map entry, too.
      if standing == .waiting, let job = cell.job, job.runAt > times.now, !role.leavesResource {
        return Table.Cell(times.clock(job.runAt), colour(standing))
      }
      let word =
        standing == .failed ? cell.job?.state.rawValue ?? "failed" : standing == .absent ? "-" : standing.rawValue
      return Table.Cell(word, colour(standing))
    }
    return ""
  }

  /// Why the first of its resources that is not done has not got further.
  private static func why(_ stream: Expansion.Stream, _ board: Board) -> String {
    for standing in [Board.Standing.failed, .running, .waiting] {
      for index in stream.resources where board.cells[index].standing == standing {
        guard let job = board.cells[index].job else { continue }
        let why = JobTable.why(job, [])
        if !why.isEmpty, board.expansion.resources[index].role.leavesResource { return why }
      }
    }
    return ""
  }

  private static func colour(_ standing: Board.Standing) -> Colour? {
    switch standing {
    case .failed: .red
    case .running: .blue
    case .waiting, .absent: .grey
    case .done: .green
    }
  }
}
