/// How a provider stands to what a job would bring about: what the job would find, said without doing anything.
public enum Standing: Sendable, Hashable {
  /// It is not there: the job would make it.
  case missing
  /// It is there as asked.
  /// - Parameters:
  ///   - id: its number at the provider, where it has one.
  ///   - unread: the fields that the provider does not tell.
  case asAsked(id: String?, unread: [String])
  /// It is there, and the job would write what differs, each in a sentence with both values.
  case changes([String])
  /// It is there, and the job would end without changing it: what differs, each in a sentence with both values.
  case refuses([String])
}

/// Looks at providers for a plan. What many resources share, such as the list of an application's entries, is asked for once.
public actor ProviderLook {
  /// Gives the clients.
  public nonisolated let clients: any ClientDirectory
  /// How often each connection was asked, by its gate.
  public private(set) var calls: [String: Int] = [:]
  private var lists: [String: Task<any Sendable, any Error>] = [:]

  /// Creates one that has looked at nothing yet.
  public init(clients: any ClientDirectory) { self.clients = clients }

  /// The list of this name, asked for by whoever comes first.
  func list<Element: Sendable>(
    _ name: String, gate: String, _ read: @escaping @Sendable () async throws -> [Element]
  ) async throws -> [Element] {
    if let known = lists[name] { return try await known.value as? [Element] ?? [] }
    // Unstructured, because all that come meanwhile wait for the same list, whoever of them is cancelled.
    let reading = Task<any Sendable, any Error> { try await read() }
    lists[name] = reading
    note(gate)
    return try await reading.value as? [Element] ?? []
  }

  /// Counts a request.
  func note(_ gate: String, requests: Int = 1) { calls[gate, default: 0] += requests }
}
