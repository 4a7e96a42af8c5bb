public import Secrets
import Threading

/// The secrets of all requests that a task sent, together with those of the whole process.
///
/// Code that keeps or shows the results of a task's requests sets it around them and passes every text through its
/// redactor. So no field of an answer, known today or added tomorrow, shows what was sent, and no client has to
/// remember this.
public final class SentSecrets: Sendable {
  private struct Known {
    /// Oldest first.
    var secrets: [Secret] = []
    var isKnown: Set<Secret> = []
    /// How many were added.
    var version = 0
    /// Created when first needed, and again if a secret was added since.
    var redactor: (made: Redactor, version: Int)?
    /// For the shared secrets, if some of them are not secret here.
    var otherRedactor: (made: Redactor, version: Int)?
  }

  /// Credentials that are renewed every hour must not pile up in a process that runs for years.
  private static let most = 1_000

  private let known = MutexBox(Known())
  private let shared: SentSecrets?
  private let ownText: String

  /// Starts with no secrets.
  /// - Parameters:
  ///   - shared: the secrets of the process, which are redacted too, and to which secrets that outlast one request are
  ///     added.
  ///   - ownText: text that appears in the clear anyway where the redacted texts go. A word of it is not hidden, even
  ///     if it is also a user's name or a password: "test" in "test-bucket".
  public init(sharing shared: SentSecrets? = nil, besides ownText: String = "") {
    self.shared = shared
    self.ownText = ownText
  }

  /// Receives the secrets of each request of the current task before it is sent.
  @TaskLocal public static var current: SentSecrets?

  /// Adds secrets.
  /// - Parameter passing: secrets of one request only, such as its signature.
  public func add(_ secrets: [Secret], passing: [Secret] = []) {
    shared?.add(secrets)
    known.withLock { known in
      for secret in secrets + passing where known.isKnown.insert(secret).inserted {
        known.secrets.append(secret)
        known.version += 1
      }
      while known.secrets.count > Self.most { known.isKnown.remove(known.secrets.removeFirst()) }
    }
  }

  /// A redactor with every secret known so far.
  public var redactor: Redactor { Redactor(joining: redactors) }

  /// The text with every secret known so far replaced.
  public func redact(_ text: String) -> String { redactor.redact(text) }

  /// JSON text with every secret known so far replaced, except short ones.
  public func redactJSON(_ text: String) -> String { redactor.redactJSON(text) }

  private var redactors: [Redactor] {
    let own = known.withLock { known in
      if let redactor = known.redactor, redactor.version == known.version { return redactor.made }
      let made = Redactor(known.secrets.filter(isHidden))
      known.redactor = (made, known.version)
      return made
    }
    return [own] + (shared.map { [others(of: $0)] } ?? [])
  }

  /// The secrets of the process are many and seldom change: their redactor is created once for all jobs that can share
  /// it.
  private func others(of shared: SentSecrets) -> Redactor {
    let (secrets, version) = shared.known.withLock { ($0.secrets, $0.version) }
    let hidden = secrets.filter(isHidden)
    if hidden.count == secrets.count { return shared.redactors[0] }
    return known.withLock { known in
      if let redactor = known.otherRedactor, redactor.version == version { return redactor.made }
      let made = Redactor(hidden)
      known.otherRedactor = (made, version)
      return made
    }
  }

  private func isHidden(_ secret: Secret) -> Bool { ownText.isEmpty || !ownText.contains(secret.reveal()) }
}
