/// How a job got through its gate.
public enum Passage: Sendable, Hashable {
  /// It was answered, on the way to what it wants.
  case answer
  /// Its attempt ended with an answer, whatever that was.
  case end
  /// An effect of it is done, or a part of one, or the whole job.
  case result

  /// What a running job wrote down, which proves that it was answered.
  public init(_ entries: [JournalEntry]) {
    self = entries.contains(where: \.isResult) ? .result : .answer
  }
}
