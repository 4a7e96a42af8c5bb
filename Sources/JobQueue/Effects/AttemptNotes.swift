import Threading

// @unchecked is sound: what varies is touched only while `lock` is held.
/// The notes of an attempt that are not stored yet, the records of its completion, whether the other side answered it or
/// was being asked when the attempt was stopped, and whether it got further.
///
/// At most ``limit`` lines are kept between two writes; the number of lines that were dropped is told at the end.
public final class AttemptNotes: @unchecked Sendable {
  /// The most lines between two writes.
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
  private var filter: TextFilter?

  /// Creates empty notes.
  public init() {}

  /// Adds a line.
  public func add(_ note: Note) {
    lock.locked {
      if lines.count < Self.limit { lines.append(note) } else { dropped += 1 }
    }
  }

  /// Takes out all lines, filtered by what is known now.
  public func take() -> [Note] {
    let (taken, filter) = lock.locked {
      defer {
        lines = []
        dropped = 0
      }
      guard dropped > 0, let last = lines.last else { return (lines, self.filter) }
      return (lines + [Note(at: last.at, text: "… \(dropped) more lines were left out")], self.filter)
    }
    return filter.map { filter in taken.map { filter($0) } } ?? taken
  }

  /// The end of the attempt as it may be recorded and told.
  public func filtered(_ outcome: Outcome) -> Outcome { lock.locked { filter }.map { $0(outcome) } ?? outcome }

  /// The entries as they may be written, a result with the records that go with it.
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

  /// The records of the attempt's completion, filtered by what is known now.
  public func takeRecords() -> [RecordWrite] {
    let (taken, filter) = lock.locked {
      defer { records = [] }
      return (records, self.filter)
    }
    return filter.map { filter in taken.map { filter($0) } } ?? taken
  }

  func use(_ filter: TextFilter) { lock.locked { self.filter = filter } }

  /// Puts lines back in front after a write that failed.
  func putBack(_ notes: [Note]) {
    lock.locked { lines = Array((notes + lines).prefix(Self.limit)) }
  }

  /// Whether the other side answered when it was asked last.
  public var hasAnswer: Bool { lock.locked { answer } }

  func hear(anAnswer: Bool) { lock.locked { answer = anAnswer } }

  /// Whether there is an answer, and no write told of one yet. Once is enough: who has opened its gate is not a probe.
  var owesAnswer: Bool { lock.locked { answer && !toldAnswer } }

  func answerIsTold() { lock.locked { toldAnswer = true } }

  /// Whether the attempt has recorded progress.
  public var madeProgress: Bool { lock.locked { progress } }

  /// Whether the attempt was told to stop while it asked the other side and had no answer yet.
  public var wasAsking: Bool { lock.locked { stoppedAsking } }

  func noteAsking() { lock.locked { stoppedAsking = true } }

  func noteProgress() { lock.locked { progress = true } }
}
