public import JobQueue

/// What is known of a kind of job without naming its types: the source of the command line's flags, of its help, of the
/// checks of a job file, and of a worker's registry.
public struct JobKindDescription: Sendable {
  /// The kind's name, such as `create-map-entry`.
  public let kind: String
  /// The queue its jobs wait in.
  public let queue: String
  /// One sentence: what is true when the job is completed.
  public let summary: String
  /// A whole command line.
  public let example: String
  /// The parameters, the required ones first.
  public let fields: [JobField]
  /// What the result of a completed job names, the most useful ones first.
  public let resultFields: [String]
  /// What it does for a manifest of streams; nil when manifests do not use it.
  public let role: ResourceRole?
  /// How far a running job is, by its journal; nil when that cannot be told.
  public let progress: @Sendable (Journal) -> JobProgress?
  /// How the provider stands to what a job of this payload would bring about; nil where nobody can look.
  public let standing: @Sendable (_ payload: String, ProviderLook) async throws -> Standing?
  /// About how many requests a job of this payload makes that finds its provider so.
  public let requests: @Sendable (_ payload: String, Standing) throws -> Int
  /// The job that ends what one of this payload starts; nil where nothing goes on when the job is done.
  public let ending: @Sendable (_ payload: String) throws -> (any JobParameters)?
  /// The kind itself.
  public let type: any JobKind.Type
  /// Builds the parameters. They are not validated yet.
  /// - Throws: a decoding error when a value has the wrong type or a required one is missing.
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
