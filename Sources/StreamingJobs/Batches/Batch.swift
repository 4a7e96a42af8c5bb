public import JobQueue

/// What one command brought into the queue: many jobs under one name, so that they can be looked at and cancelled together.
///
/// It is a record in the commit of its jobs, and each of them has its name as a label. Jobs that were there already belong to
/// the batch that brought them in.
public struct Batch: Codable, Sendable, Hashable {
  /// The records' collection.
  public static let collection = "batches"
  /// The label of a batch's jobs.
  public static let label = "batch"

  /// Its name: the moment of the command, `20261205-201500`, or the label that a person gave the jobs.
  public var name: String
  /// The command: `apply` or `enqueue`.
  public var verb: String
  /// What it was given: a manifest's name, or a file of jobs.
  public var source: String
  /// Who gave it, such as `ana@venue-3`.
  public var who: String
  /// When.
  public var at: Timestamp
  /// How many jobs were asked for, those that were there already among them.
  public var asked: Int

  /// Describes a batch.
  /// - Parameters:
  ///   - name: its name.
  ///   - verb: the command.
  ///   - source: what the command was given.
  ///   - who: who gave it.
  ///   - at: when.
  ///   - asked: how many jobs were asked for.
  public init(name: String, verb: String, source: String, who: String, at: Timestamp, asked: Int) {
    (self.name, self.verb, self.source, self.who, self.at, self.asked) = (name, verb, source, who, at, asked)
  }
}
