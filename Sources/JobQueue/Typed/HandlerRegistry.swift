/// The job types that a worker can run.
public struct HandlerRegistry: Sendable {
  /// A handler with its types erased: payload text in, output text out.
  public struct Entry: Sendable {
    /// The job type's name.
    public let kind: String
    /// The queue that its jobs wait in.
    public let queue: String
    /// Settings that apply to every job of the type.
    public let policy: JobPolicy
    /// Decodes the parameters, runs the handler, encodes the output.
    public let run: @Sendable (JobContext) async throws -> String
    /// The verdict for an error.
    public let classify: @Sendable (any Error) -> Verdict
  }

  private var entries: [String: Entry] = [:]

  /// Creates an empty registry.
  public init() {}

  /// Adds a handler; a later one of the same kind replaces an earlier one.
  public mutating func register<Handler: JobHandler>(_ handler: Handler) {
    let kind = Handler.Parameters.kind
    entries[kind] = Entry(
      kind: kind, queue: Handler.Parameters.queue, policy: Handler.Parameters.policy,
      run: { context in
        let parameters = try Handler.Parameters.decode(
          payload: context.job.payload, version: context.job.payloadVersion)
        return try JSONText.encode(try await handler.run(parameters, context: context))
      },
      classify: { handler.classify($0) })
  }

  /// The handler of a kind.
  public subscript(kind: String) -> Entry? { entries[kind] }

  /// The queues that the registered types wait in, sorted.
  public var queues: [String] { Set(entries.values.map(\.queue)).sorted() }
}
