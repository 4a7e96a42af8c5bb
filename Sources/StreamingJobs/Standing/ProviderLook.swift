import HTTPTransport
import Threading

/// The requests made through one connection.
public struct CallCount: Sendable, Hashable {
  /// How many requests.
  public var requests = 0
  /// How long all of them took together.
  public var time = Duration.zero

  /// How long one takes; nil if none was made.
  public var mean: Duration? { requests > 0 ? time / requests : nil }

  /// Starts at zero.
  public init() {}
}

/// Looks at providers for a plan. What many resources share, such as the list of an application's entries, is requested
/// once.
public actor ProviderLook {
  /// Provides the clients.
  public nonisolated let clients: any ClientDirectory
  private nonisolated let tally = CallTally()
  private var shared: [String: Task<any Sendable, any Error>] = [:]

  /// Creates one that has not looked at anything yet.
  /// - Parameter clients: provides the clients.
  public init(clients: any ClientDirectory) { self.clients = clients }

  /// The requests made through each connection so far, by its gate. Requests for credentials do not count.
  public nonisolated var calls: [String: CallCount] { tally.counts.withLock { $0 } }

  /// A response that several resources need, requested by whichever comes first.
  /// - Parameters:
  ///   - name: identifies the response.
  ///   - read: sends the request.
  func once<Value: Sendable>(
    _ name: String, _ read: @escaping @Sendable () async throws -> Value
  ) async throws -> Value {
    // Unstructured, because everyone who comes meanwhile waits for the same response, even if one of them is cancelled.
    let reading = shared[name] ?? Task<any Sendable, any Error> { try await read() }
    shared[name] = reading
    guard let value = try await reading.value as? Value else { return try await read() }
    return value
  }

  /// Counts the requests of `body` through a connection.
  nonisolated func counting<Result: Sendable>(
    _ gate: String?, _ body: @Sendable () async throws -> Result
  ) async throws -> Result {
    guard let gate else { return try await body() }
    return try await tally.counting(gate, body)
  }
}

/// Counters that several tasks add to.
private final class CallTally: Sendable {
  let counts = MutexBox<[String: CallCount]>([:])

  // Never specialized into an actor's method: there an optimized build pushed the task-local value to a place that was
  // gone, and crashed.
  @inline(never)
  @_semantics("optimize.sil.specialize.generic.never")
  func counting<Result: Sendable>(
    _ gate: String, _ body: @Sendable () async throws -> Result
  ) async throws -> Result {
    try await HTTPExchange.$observer.withValue({ [self] exchange in
      guard !exchange.isForCredentials else { return }
      counts.withLock { counts in
        counts[gate, default: CallCount()].requests += 1
        counts[gate, default: CallCount()].time += exchange.metrics.duration
      }
    }) { try await body() }
  }
}
