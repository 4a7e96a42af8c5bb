/// An error of a store.
public struct JobStoreError: Error, Sendable, Hashable {
  /// What went wrong. New codes may be added.
  public struct Code: RawRepresentable, Sendable, Hashable {
    /// The code's stable word.
    public let rawValue: String
    /// Creates a code from its word.
    public init(rawValue: String) { self.rawValue = rawValue }
    /// The lease is no longer the job's newest one; nothing was written.
    public static let leaseLost = Code(rawValue: "lease-lost")
    /// There is no job with this number.
    public static let noSuchJob = Code(rawValue: "no-such-job")
    /// A parent is not in the store or not earlier in the batch.
    public static let noSuchParent = Code(rawValue: "no-such-parent")
    /// The transition is not in the table of ``JobState``.
    public static let wrongState = Code(rawValue: "wrong-state")
    /// An unfinished job holds the same unique key.
    public static let uniqueConflict = Code(rawValue: "unique-conflict")
    /// Another job's effect holds the same claim.
    public static let claimed = Code(rawValue: "claimed")
    /// A record that was to be new already exists; nothing was written.
    public static let recordExists = Code(rawValue: "record-exists")
    /// There is no store at this place.
    public static let noSuchStore = Code(rawValue: "no-such-store")
    /// The store cannot be opened or reached.
    public static let unavailable = Code(rawValue: "unavailable")
    /// The file is not a store, or damaged.
    public static let corrupt = Code(rawValue: "corrupt")
    /// The file was written by a newer program.
    public static let tooNew = Code(rawValue: "too-new")
    /// No space left.
    public static let full = Code(rawValue: "full")
    /// The store was moved, deleted or replaced while it was open; what is written there now would be lost.
    public static let replaced = Code(rawValue: "replaced")
    /// The log beside the store, or at the place where one is to be created, belongs to another store.
    public static let foreignLog = Code(rawValue: "foreign-log")
    /// The store was not closed where it was last used, and the log with its newest changes is not beside it.
    public static let missingLog = Code(rawValue: "missing-log")
    /// The file has other names, under which it may be used without its log.
    public static let hardLinked = Code(rawValue: "hard-linked")
    /// The file may not be written.
    public static let readOnly = Code(rawValue: "read-only")
    /// Others may read the file.
    public static let exposed = Code(rawValue: "exposed")
    /// The group that is to share the file is unknown, or this user is not in it.
    public static let storeGroup = Code(rawValue: "store-group")
    /// It is unknown whether the verb was done: it may be done already, or still take effect. Before repeating it,
    /// look; or repeat something that changes nothing the second time.
    public static let outcomeUnknown = Code(rawValue: "outcome-unknown")
    /// Another program keeps the file locked.
    public static let busy = Code(rawValue: "busy")
    /// Input that no store accepts: too large, too many.
    public static let invalid = Code(rawValue: "invalid")
  }

  /// What went wrong.
  public var code: Code
  /// The verb that failed.
  public var operation: String
  /// What it was about: a file, a job.
  public var target: String
  /// Why.
  public var cause: String
  /// The way out, if known.
  public var hint: String?

  /// Creates an error.
  public init(code: Code, operation: String, target: String, cause: String, hint: String? = nil) {
    self.code = code
    self.operation = operation
    self.target = target
    self.cause = cause
    self.hint = hint
  }
}

extension JobStoreError: CustomStringConvertible {
  /// One line for people.
  public var description: String {
    "\(operation) \(target): \(cause)" + (hint.map { "; \($0)" } ?? "")
  }
}
