import AWSClient
import Secrets
import Synchronization
import Testing

@Suite struct CachedCredentialsTests {
  /// A source whose answers can be held back, at a time that the test sets.
  private actor Source: AWSCredentialProvider {
    private(set) var fetches = 0
    private(set) var dropped: [String] = []
    private var failure: (any Error)?
    private var lifetime: Int64?
    private var gate: [CheckedContinuation<Void, Never>] = []
    private var isClosed = false
    private let time: Time

    init(_ time: Time, lifetime: Int64?) {
      self.time = time
      self.lifetime = lifetime
    }

    func credentials() async throws -> AWSCredentials {
      fetches += 1
      let number = fetches
      if isClosed { await withCheckedContinuation { gate.append($0) } }
      if let failure { throw failure }
      return AWSCredentials(
        accessKeyID: "A\(number)", secretAccessKey: Secret("s"), expiration: lifetime.map { time.now + $0 })
    }

    func invalidate(_ credentials: AWSCredentials) async { dropped.append(credentials.accessKeyID) }
    func fail(_ error: (any Error)?) { failure = error }
    func close() { isClosed = true }
    func open() {
      isClosed = false
      for waiting in gate { waiting.resume() }
      gate = []
    }
  }

  private final class Time: Sendable {
    private let seconds = Atomic<Int64>(1_000_000)
    var now: Int64 { seconds.load(ordering: .sequentiallyConsistent) }
    func advance(_ by: Int64) { seconds.add(by, ordering: .sequentiallyConsistent) }
  }

  private struct Broken: Error {}

  private let time = Time()

  private func given(lifetime: Int64?) -> (source: Source, cached: CachedCredentials) {
    let time = time
    let source = Source(time, lifetime: lifetime)
    return (source, CachedCredentials(source, now: { time.now }))
  }

  @Test("Credentials are kept until five minutes before their end")
  func keeps() async throws {
    let (source, cached) = given(lifetime: 3600)
    #expect(try await cached.credentials().accessKeyID == "A1")
    time.advance(3299)
    #expect(try await cached.credentials().accessKeyID == "A1")
    time.advance(1)
    #expect(try await cached.credentials().accessKeyID == "A2")
    #expect(await source.fetches == 2)
  }

  @Test("However many ask at once, they are fetched once")
  func single() async throws {
    let (source, cached) = given(lifetime: 3600)
    await source.close()
    let ids = try await withThrowingTaskGroup(of: String.self) { group in
      for _ in 0..<20 { group.addTask { try await cached.credentials().accessKeyID } }
      while await source.fetches == 0 { await Task.yield() }
      await source.open()
      return try await group.reduce(into: Set<String>()) { $0.insert($1) }
    }
    #expect(ids == ["A1"])
    #expect(await source.fetches == 1)
  }

  @Test("When new ones cannot be had, the old ones serve until they end, and the source is left alone for a while")
  func oldOnesServe() async throws {
    let (source, cached) = given(lifetime: 3600)
    _ = try await cached.credentials()
    await source.fail(Broken())
    time.advance(3400)
    #expect(try await cached.credentials().accessKeyID == "A1")
    #expect(try await cached.credentials().accessKeyID == "A1")
    #expect(await source.fetches == 2)
    time.advance(30)
    #expect(try await cached.credentials().accessKeyID == "A1")
    #expect(await source.fetches == 3)
    time.advance(170)
    await #expect(throws: Broken.self) { try await cached.credentials() }
    await source.fail(nil)
    #expect(try await cached.credentials().accessKeyID == "A5")
  }

  @Test("Refused credentials are not given again, and the source is told")
  func invalidates() async throws {
    let (source, cached) = given(lifetime: 3600)
    let first = try await cached.credentials()
    await cached.invalidate(first)
    #expect(try await cached.credentials().accessKeyID == "A2")
    // The refusal of what is no longer kept drops nothing.
    await cached.invalidate(first)
    #expect(try await cached.credentials().accessKeyID == "A2")
    #expect(await source.dropped == ["A1", "A1"])
  }

  @Test("Credentials without an end are looked up again after five minutes, those about to end after half a minute")
  func lookedUpAgain() async throws {
    let (_, lasting) = given(lifetime: nil)
    _ = try await lasting.credentials()
    time.advance(299)
    #expect(try await lasting.credentials().accessKeyID == "A1")
    time.advance(1)
    #expect(try await lasting.credentials().accessKeyID == "A2")
    let (_, ending) = given(lifetime: 60)
    _ = try await ending.credentials()
    time.advance(29)
    #expect(try await ending.credentials().accessKeyID == "A1")
    time.advance(1)
    #expect(try await ending.credentials().accessKeyID == "A2")
  }
}
