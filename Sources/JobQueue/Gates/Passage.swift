/// How a job got through its gate.
public enum Passage: Sendable, Hashable {
  /// It got an answer, on the way to its result.
  case answer
  /// Its attempt ended with an answer, whatever that was.
  case end
  /// An effect of it is done, or a part of one, or the whole job.
  case result

  /// The passage that a running job's entries prove.
  public init(_ entries: [JournalEntry]) {
    self = entries.contains(where: \.isResult) ? .result : .answer
  }
}
