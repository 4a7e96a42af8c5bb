import Threading

// @unchecked is sound: what varies is touched only while `lock` is held.
/// The notes of an attempt that are not stored yet, the records of its completion, whether the other side answered it,
/// whether a request was still unanswered when the attempt was stopped, and whether it made progress.
///
/// At most ``limit`` lines are kept between two writes; a last line says how many were dropped.
public final class AttemptNotes: @unchecked Sendable {
  /// The maximum number of lines between two writes.
  public static let limit = 200

  private let lock = Lock()
  private var lines: [Note] = []
  private var dropped = 0
  private var records: [RecordWrite] = []
  private var recordsOfEffects: [String: [RecordWrite]] = [:]
  private var answer = false
  private var toldAnswer = false
  private var progress = false
  private var stoppedAsking = false
  private var cut: (any Error)?
  private var filter: TextFilter?

  /// Creates empty notes.
  public init() {}

  /// Adds a line.
  public func add(_ note: Note) {
    lock.locked {
      if lines.count < Self.limit { lines.append(note) } else { dropped += 1 }
    }
  }

  /// Takes out all lines, filtered by the current filter.
  public func take() -> [Note] {
    let (taken, filter) = lock.locked { (takeLines(), self.filter) }
    return filter.map { filter in taken.map { filter($0) } } ?? taken
  }

  /// Takes out what is left to record at the end of the attempt, with its outcome, filtered by the current filter.
  ///
  /// The records that a handler adds to its job's completion are true only if the job is done, so they are returned
  /// with that outcome only.
  package func takeRest(
    recording outcome: Outcome
  ) -> (outcome: Outcome, notes: [Note], records: [RecordWrite]) {
    let (notes, records, filter) = lock.locked {
      let isDone = outcome.word == .completed
      defer { if isDone { self.records = [] } }
      return (takeLines(), isDone ? self.records : [], self.filter)
    }
    guard let filter else { return (outcome, notes, records) }
    return (filter(outcome), notes.map { filter($0) }, records.map { filter($0) })
  }

  private func takeLines() -> [Note] {
    defer {
      lines = []
      dropped = 0
    }
    guard dropped > 0, let last = lines.last else { return lines }
    return lines + [Note(at: last.at, text: "… \(dropped) more lines were left out")]
  }

  /// The entries as they may be written: filtered, and each result with the records that belong to it.
  func filtered(_ entries: [JournalEntry]) -> [JournalEntry] {
    let (filter, records) = lock.locked { (self.filter, recordsOfEffects) }
    let all = entries.flatMap { entry in
      guard case .result(let effect, _, _, _) = entry else { return [entry] }
      return [entry] + (records[effect] ?? []).map { .record($0) }
    }
    return filter.map { filter in all.map { filter($0) } } ?? all
  }

  func keep(_ record: RecordWrite) { lock.locked { records.append(record) } }

  func keep(_ record: RecordWrite, withResultOf effect: String) {
    lock.locked { recordsOfEffects[effect, default: []].append(record) }
  }

  func use(_ filter: TextFilter) { lock.locked { self.filter = filter } }

  /// Puts lines back at the front after a failed write.
  func putBack(_ notes: [Note]) {
    lock.locked { lines = Array((notes + lines).prefix(Self.limit)) }
  }

  /// What an attempt showed, for those who decide what its end means.
  package struct Signs {
    /// Whether the other side answered the last request.
    package let hasAnswer: Bool
    /// Whether it has recorded progress.
    package let madeProgress: Bool
    /// Whether it was asked to stop while a request to the other side was unanswered.
    package let wasAsking: Bool
    /// What a fault point threw in it. Whatever the handler did with that, it stands for a worker that died there.
    package let cut: (any Error)?
  }

  /// Read all at once, because every attempt ends with it and each read takes the lock.
  package var signs: Signs {
    lock.locked { Signs(hasAnswer: answer, madeProgress: progress, wasAsking: stoppedAsking, cut: cut) }
  }

  func hear(anAnswer: Bool) { lock.locked { answer = anAnswer } }

  /// Whether there is an answer that no write has reported yet. Reporting it once is enough: a job that has opened its
  /// gate is not a probe.
  var owesAnswer: Bool { lock.locked { answer && !toldAnswer } }

  func answerIsTold() { lock.locked { toldAnswer = true } }

  func noteAsking() { lock.locked { stoppedAsking = true } }

  func noteProgress() { lock.locked { progress = true } }

  func noteCut(_ error: any Error) { lock.locked { cut = error } }
}
