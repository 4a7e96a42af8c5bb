public import JobQueue

/// What is known about a kind of job without its types: the source of the command line's options and help, of the
/// checks of a job file, and of a worker's registry.
public struct JobKindDescription: Sendable {
  /// The kind's name, such as `create-map-entry`.
  public let kind: String
  /// The queue of its jobs.
  public let queue: String
  /// One sentence: what is guaranteed when the job is completed.
  public let summary: String
  /// A complete command line.
  public let example: String
  /// The parameters, required ones first.
  public let fields: [JobField]
  /// The fields of a completed job's result, the most useful ones first.
  public let resultFields: [String]
  /// Its role for a manifest of streams; nil if manifests do not use it.
  public let role: ResourceRole?
  /// Which end of a time on air it is for; nil for neither.
  public let airtime: Airtime?
  /// How far a running job is, by its journal; nil when that cannot be told.
  public let progress: @Sendable (Journal) -> JobProgress?
  /// The standing, at the provider, of what a job with this payload would create; nil if that cannot be found out.
  public let standing: @Sendable (_ payload: String, ProviderLook) async throws -> Standing?
  /// Roughly how many requests a job with this payload makes, given its standing.
  public let requests: @Sendable (_ payload: String, Standing) throws -> Int
  /// The job that ends what one of this payload starts; nil where nothing goes on when the job is done.
  public let ending: @Sendable (_ payload: String) throws -> JobEnding?
  /// The kind itself.
  public let type: any JobKind.Type
  /// Builds the parameters. They are not validated yet.
  /// - Throws: a decoding error if a value has the wrong type or a required one is missing.
  public let make: @Sendable (JSONValue) throws -> any JobParameters
  /// Adds the kind's handler.
  let register: @Sendable (JobResources, inout HandlerRegistry) -> Void

  /// Describes a kind.
  public init<Kind: JobKind>(_ type: Kind.Type) {
    kind = Kind.Handler.Parameters.kind
    queue = Kind.Handler.Parameters.queue
    summary = Kind.summary
    example = Kind.example
    fields = Kind.fields
    resultFields = Kind.resultFields
    role = Kind.role
    airtime = Kind.airtime
    progress = { Kind.progress($0) }
    standing = { payload, look in
      let parameters = try JSONText.decode(Kind.Handler.Parameters.self, from: payload)
      return try await look.counting(parameters.gate) { try await Kind.standing(parameters, look) }
    }
    requests = { Kind.requests(try JSONText.decode(Kind.Handler.Parameters.self, from: $0), toward: $1) }
    ending = { Kind.ending(try JSONText.decode(Kind.Handler.Parameters.self, from: $0)) }
    self.type = type
    make = { try JSONText.decode(Kind.Handler.Parameters.self, from: try JSONText.encode($0)) }
    register = { resources, registry in
      let handler = Kind.handler(resources)
      if Kind.role?.leavesResource == true {
        registry.register(BlackoutHandler(base: InventoryHandler(base: handler)))
      } else {
        registry.register(BlackoutHandler(base: handler))
      }
    }
  }
}
