/// Caches credentials until shortly before they expire, and fetches new ones only once, however many callers ask.
public actor CachedCredentials: AWSCredentialProvider {
  private let base: any AWSCredentialProvider
  private let now: @Sendable () -> Int64
  private var kept: AWSCredentials?
  /// From when on new ones are fetched.
  private var renewal: Int64 = 0
  private var refresh: Task<AWSCredentials, any Error>?

  /// New credentials are fetched this many seconds before the old ones expire.
  static let early: Int64 = 300
  /// After a fetch, the source is left alone for this many seconds, even if the fetch failed or returned credentials
  /// that are about to expire.
  static let quiet: Int64 = 30

  /// Creates a cache in front of a provider.
  /// - Parameter now: seconds since 1970.
  public init(_ base: any AWSCredentialProvider, now: @escaping @Sendable () -> Int64) {
    self.base = base
    self.now = now
  }

  /// The cached credentials, or new ones. If new ones cannot be fetched, the old ones are used until they expire.
  public func credentials() async throws -> AWSCredentials {
    if let kept, now() < renewal { return kept }
    do {
      return try await refreshed()
    } catch {
      guard let kept, let end = kept.expiration, now() < end else { throw error }
      renewal = min(end, now() + Self.quiet)
      return kept
    }
  }

  /// Drops these credentials here, if they are the cached ones, and at the source.
  public func invalidate(_ credentials: AWSCredentials) async {
    if kept == credentials { kept = nil }
    await base.invalidate(credentials)
  }

  private func refreshed() async throws -> AWSCredentials {
    if let refresh { return try await refresh.value }
    // A task of its own: if the first caller is cancelled, the others still wait for the answer.
    let fetch = Task { [base] in try await base.credentials() }
    refresh = fetch
    defer { refresh = nil }
    let fresh = try await fetch.value
    kept = fresh
    // Credentials without an expiry are looked up now and then, since files and variables may change.
    let ends = fresh.expiration ?? now() + 2 * Self.early
    renewal = max(ends - Self.early, now() + Self.quiet)
    return fresh
  }
}
