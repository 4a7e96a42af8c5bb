public import JobQueue

/// A kind of job: how it is described, and the handler that does its work. It is in the folder of its kind, and once in
/// ``JobKinds/streaming``; options, job files, workers and the checks of the pages take it from there.
public protocol JobKind: Sendable {
  /// The handler. Its parameters have the kind's name and its queue.
  associatedtype Handler: JobHandler

  /// One sentence: what is guaranteed when the job is completed.
  static var summary: String { get }
  /// A complete command line.
  static var example: String { get }
  /// The parameters, required ones first.
  static var fields: [JobField] { get }

  /// The fields of a completed job's result, the most useful ones first.
  static var resultFields: [String] { get }
  /// Its role for a manifest of streams; nil if manifests do not use it.
  static var role: ResourceRole? { get }
  /// Which end of a time on air it is for; nil for neither.
  static var airtime: Airtime? { get }

  /// A handler that uses these clients.
  static func handler(_ resources: JobResources) -> Handler
  /// The progress of a running job; nil if it is unknown.
  static func progress(_ journal: Journal) -> JobProgress?
  /// The standing, at the provider, of what a job would create; nil if that cannot be found out without doing it.
  static func standing(_ parameters: Handler.Parameters, _ look: ProviderLook) async throws -> Standing?
  /// Roughly how many requests a job makes, given its standing.
  static func requests(_ parameters: Handler.Parameters, toward standing: Standing) -> Int
  /// The job that ends what one with these parameters starts; nil where nothing goes on when the job is done.
  static func ending(_ parameters: Handler.Parameters) -> JobEnding?
}

extension JobKind {
  /// Names nothing.
  public static var resultFields: [String] { [] }
  /// Nothing.
  public static var role: ResourceRole? { nil }
  /// Neither.
  public static var airtime: Airtime? { nil }
  /// Cannot be told: most jobs take a few seconds.
  public static func progress(_ journal: Journal) -> JobProgress? { nil }
  /// Not supported.
  public static func standing(_ parameters: Handler.Parameters, _ look: ProviderLook) async throws -> Standing? { nil }
  /// One, because nobody has counted.
  public static func requests(_ parameters: Handler.Parameters, toward standing: Standing) -> Int { 1 }
  /// Nothing goes on.
  public static func ending(_ parameters: Handler.Parameters) -> JobEnding? { nil }
}

/// What a worker provides to its handlers.
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
