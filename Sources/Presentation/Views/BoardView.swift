package import JobQueue
package import Manifests

/// The board of a manifest as `--json` shows it.
package struct BoardView: Encodable {
  private struct Stream: Encodable {
    var stream: String
    var engine: String
    var application: String
    var standing: Board.Standing
    var resources: [Resource]
  }

  private struct Resource: Encodable {
    var kind: String
    var name: String
    var standing: Board.Standing
    var job: Int64?
    var state: String?
    var why: String?
    var runAt: String?
    var verifiedAt: String?
  }

  private let manifest: String
  private let counts: [String: Int]
  private let isOpen: Bool
  private let secondsLeft: Int64?
  private let rollout: String?
  private let notices: [String]
  private let causes: [JobCauseView]
  private let streams: [Stream]

  /// Shows a board.
  package init(_ board: Board, notices: [String], at now: Timestamp) {
    manifest = board.expansion.name
    counts = Dictionary(uniqueKeysWithValues: Board.Standing.allCases.map { ($0.rawValue, board.count($0)) })
    isOpen = board.isOpen
    secondsLeft = board.left(at: now)?.components.seconds
    rollout = board.rollout?.waitReason
    self.notices = notices
    causes = JobCause.grouped(board.failedJobs).map { JobCauseView($0) }
    streams = zip(board.expansion.streams, board.streams).map { stream, standing in
      Stream(
        stream: stream.name, engine: stream.engine, application: stream.application, standing: standing,
        resources: stream.resources.map { Self.resource(board.expansion.resources[$0], board.cells[$0]) })
    }
  }

  private static func resource(_ resource: Expansion.Resource, _ cell: Board.Cell) -> Resource {
    let why = cell.job.map { JobTable.why($0, []) } ?? ""
    return Resource(
      kind: resource.job.kind, name: resource.name, standing: cell.standing, job: cell.job?.id.rawValue,
      state: cell.job?.state.rawValue, why: why.isEmpty ? nil : why,
      runAt: cell.job.flatMap { $0.state == .scheduled ? TimeText.exact($0.runAt) : nil },
      verifiedAt: cell.verifiedAt.map(TimeText.exact))
  }
}
