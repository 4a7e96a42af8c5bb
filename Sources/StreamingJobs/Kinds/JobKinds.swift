public import JobQueue

/// A list of job kinds: what a front end offers, a job file may use, and a worker can run.
public struct JobKinds: Sendable {
  /// All kinds, in the order of the list.
  public let all: [JobKindDescription]

  /// Lists kinds.
  public init(_ kinds: [any JobKind.Type]) { all = kinds.map { Self.description(of: $0) } }

  private static func description(of kind: (some JobKind).Type) -> JobKindDescription { JobKindDescription(kind) }

  /// The kind of this name.
  public func named(_ kind: String) -> JobKindDescription? { all.first { $0.kind == kind } }

  /// The kind with this role.
  public func kind(for role: ResourceRole) -> JobKindDescription? { all.first { $0.role == role } }

  /// The kind that is for this end of a time on air.
  public func kind(for airtime: Airtime) -> JobKindDescription? { all.first { $0.airtime == airtime } }

  /// The queues that jobs of these kinds wait in, each once, in the order of the list.
  public var queues: [String] {
    all.reduce(into: []) { queues, kind in if !queues.contains(kind.queue) { queues.append(kind.queue) } }
  }

  /// A handler for every kind.
  /// - Parameters:
  ///   - clients: the clients of the configured connections.
  ///   - queue: the queue that the worker serves.
  ///   - uploadRoots: the folders that uploads may read; empty for whatever this process may read.
  public func registry(
    clients: any ClientDirectory, queue: any QueryStore, uploadRoots: [String] = []
  ) -> HandlerRegistry {
    let resources = JobResources(clients: clients, queue: queue, uploadRoots: uploadRoots)
    var registry = HandlerRegistry()
    for kind in all { kind.register(resources, &registry) }
    return registry
  }
}
