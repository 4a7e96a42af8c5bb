/// The filter for every text that a job leaves behind, no matter who wrote it: notes, failures, reasons, results,
/// outputs.
public struct TextFilter: Sendable {
  /// For texts that people read.
  public var words: @Sendable (String) -> String
  /// For JSON and keys, which programs read back.
  public var json: @Sendable (String) -> String

  /// Creates a filter.
  public init(words: @escaping @Sendable (String) -> String, json: @escaping @Sendable (String) -> String) {
    self.words = words
    self.json = json
  }

  /// The outcome with all its texts filtered.
  public func callAsFunction(_ outcome: Outcome) -> Outcome {
    switch outcome {
    case .done(let output): .done(output: json(output))
    case .retry(let moment, let failure, let why): .retry(at: moment, self(failure), why: words(why))
    case .snooze(let moment, let why): .snooze(until: moment, why: words(why))
    case .closeGate(let closure): .closeGate(self(closure))
    case .suspectsOutage(let closure, let counted):
      .suspectsOutage(
        self(closure),
        otherwise: CountedFailure(
          failure: self(counted.failure), again: counted.again.map { .init(at: $0.at, why: words($0.why)) }))
    case .hold(let why): .hold(why: words(why))
    case .dead(let failure): .dead(self(failure))
    case .cancelled(let why): .cancelled(why: words(why))
    case .handBack(let why): .handBack(why: words(why))
    }
  }

  func callAsFunction(_ closure: GateClosure) -> GateClosure {
    var filtered = closure
    filtered.why = words(closure.why)
    return filtered
  }

  func callAsFunction(_ failure: Failure) -> Failure {
    Failure(
      code: words(failure.code), message: words(failure.message), hint: failure.hint.map(words),
      requestID: failure.requestID.map(words))
  }

  func callAsFunction(_ entry: JournalEntry) -> JournalEntry {
    switch entry {
    case .result(let effect, let text, let origin, let claim):
      .result(effect: effect, json: json(text), origin: origin, claim: claim.map(json))
    case .checkpoint(let key, let text): .checkpoint(key: key, json: json(text))
    case .notes(let notes): .notes(notes.map { self($0) })
    case .record(let write): .record(self(write))
    case .intent, .refusal, .budgetSpent, .unknown, .removal, .answer, .progress, .partDone: entry
    }
  }

  func callAsFunction(_ write: RecordWrite) -> RecordWrite {
    RecordWrite(
      write.collection, json(write.key), labels: write.labels.mapValues(json), json: json(write.value), rule: write.rule
    )
  }

  func callAsFunction(_ note: Note) -> Note { Note(at: note.at, text: words(note.text)) }
}
