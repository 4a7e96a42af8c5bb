public import JobQueue

/// The jobs that one command added to the queue, under one name, so that they can be listed and cancelled together.
///
/// It is stored as a record in the same commit as its jobs, and each of them has its name as a label. Jobs that were
/// already in the queue stay in their earlier batch.
public struct Batch: Codable, Sendable, Hashable {
  /// The records' collection.
  public static let collection = "batches"
  /// The label of a batch's jobs.
  public static let label = "batch"

  /// Its name: the time of the command, `20261205-201500`, or the label that the user gave the jobs.
  public var name: String
  /// The command: `apply` or `enqueue`.
  public var verb: String
  /// What it was given: a manifest's name, or a file of jobs.
  public var source: String
  /// Who ran it, such as `ana@venue-3`.
  public var who: String
  /// When.
  public var at: Timestamp
  /// How many jobs were requested, including those already present.
  public var asked: Int

  /// Creates a batch.
  /// - Parameters:
  ///   - name: its name.
  ///   - verb: the command.
  ///   - source: what the command was given.
  ///   - who: who ran it.
  ///   - at: when.
  ///   - asked: how many jobs were requested.
  public init(name: String, verb: String, source: String, who: String, at: Timestamp, asked: Int) {
    (self.name, self.verb, self.source, self.who, self.at, self.asked) = (name, verb, source, who, at, asked)
  }
}
