/// All settings, each value with its origin.
public struct Settings: Sendable {
  /// The queue file, as an absolute path once the settings are loaded.
  public var database = Sourced(Settings.databaseName)
  /// The queue file's path if it were relative to the current directory, as in earlier versions; nil if that is the
  /// same file.
  public var formerDatabase: String?
  /// The group whose members share the queue file with its owner; empty for the owner alone.
  public var storeGroup = Sourced("")
  /// The files of secrets whose relative paths would mean another file if they were relative to the current directory,
  /// as in earlier versions.
  public var formerSecrets: [FormerFile] = []
  /// How many jobs run at the same time in a queue without its own number.
  public var concurrency = Sourced(8)
  /// How many jobs run at the same time, by queue.
  public var queueConcurrency: [String: Sourced<Int>] = [:]
  /// How soon the jobs of a lost worker are available again.
  public var leaseSeconds = Sourced(30)
  /// How long running jobs may take to finish after SIGTERM.
  public var shutdownGraceSeconds = Sourced(30)
  /// Timeouts by job kind, in seconds.
  public var jobTimeoutSeconds: [String: Sourced<Int>] = [:]
  /// How long finished jobs are kept.
  public var retentionDays = Sourced(30)
  /// `trace` to `critical`.
  public var loggingLevel = Sourced("info")
  /// The folders that uploads may read; empty for everything that the worker's user may read.
  public var uploadRoots = Sourced([String]())
  /// The configuration's files.
  public var files = Files()
  /// The providers by name.
  public var connections = Connections()

  /// A file that is looked for in another place than in earlier versions.
  public struct FormerFile: Sendable, Hashable {
    /// Where it is looked for.
    public var path: String
    /// Where it was looked for.
    public var former: String
  }

  /// Which files the settings come from.
  public struct Files: Sendable, Hashable {
    /// The files that were read, as they were named.
    public var read: [String] = []
    /// The files that would have been read if they existed.
    public var lookedFor: [String] = []

    /// None.
    public init() {}
  }

  /// The levels of logging.
  public static let loggingLevels = ["trace", "debug", "info", "notice", "warning", "error", "critical"]

  /// The queue file's name if none is set.
  static let databaseName = "rundown.db"

  /// The defaults.
  public init() {}
}
