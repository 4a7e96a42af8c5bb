public import JobQueue

/// A kind of job: how a person writes it down, and what does its work. It stands in the folder of its kind, and once in
/// ``JobKinds/streaming``; flags, job files, workers and the checks of the pages read it from there.
public protocol JobKind: Sendable {
  /// What does the work. Its parameters have the kind's name and its queue.
  associatedtype Handler: JobHandler

  /// One sentence: what is true when the job is completed.
  static var summary: String { get }
  /// A whole command line.
  static var example: String { get }
  /// The parameters, the required ones first.
  static var fields: [JobField] { get }

  /// What the result of a completed job names, the most useful ones first.
  static var resultFields: [String] { get }
  /// What it does for a manifest of streams; nil when manifests do not use it.
  static var role: ResourceRole? { get }

  /// A handler that works with these.
  static func handler(_ resources: JobResources) -> Handler
  /// How far a running job is; nil when that cannot be told.
  static func progress(_ journal: Journal) -> JobProgress?
  /// How the provider stands to what a job would bring about; nil where nobody can look without doing it.
  static func standing(_ parameters: Handler.Parameters, _ look: ProviderLook) async throws -> Standing?
  /// About how many requests a job makes that finds its provider so.
  static func requests(_ parameters: Handler.Parameters, toward standing: Standing) -> Int
  /// The job that ends what one with these parameters starts; nil where nothing goes on when the job is done.
  static func ending(_ parameters: Handler.Parameters) -> (any JobParameters)?
}

extension JobKind {
  /// Names nothing.
  public static var resultFields: [String] { [] }
  /// Nothing.
  public static var role: ResourceRole? { nil }
  /// Cannot be told: most jobs take a few seconds.
  public static func progress(_ journal: Journal) -> JobProgress? { nil }
  /// Nobody can look.
  public static func standing(_ parameters: Handler.Parameters, _ look: ProviderLook) async throws -> Standing? { nil }
  /// One: nobody has counted.
  public static func requests(_ parameters: Handler.Parameters, toward standing: Standing) -> Int { 1 }
  /// Nothing goes on.
  public static func ending(_ parameters: Handler.Parameters) -> (any JobParameters)? { nil }
}

/// What a worker has for its handlers.
public struct JobResources: Sendable {
  /// The clients of the configured connections.
  public var clients: any ClientDirectory
  /// The queue that the worker serves.
  public var queue: any QueryStore
  /// The folders that uploads may read; empty for whatever this process may read.
  public var uploadRoots: [String]

  /// Names them.
  public init(clients: any ClientDirectory, queue: any QueryStore, uploadRoots: [String] = []) {
    self.clients = clients
    self.queue = queue
    self.uploadRoots = uploadRoots
  }
}
