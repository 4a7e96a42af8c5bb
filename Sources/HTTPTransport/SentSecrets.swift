public import Secrets
import Threading

/// The secrets of all requests that a task sent, and those of the whole process beside them.
///
/// Whoever keeps or shows what came of a task's requests sets it around them and passes every text through its
/// redactor. So no field of an answer, known today or added tomorrow, shows what was sent, and no client has to think of it.
public final class SentSecrets: Sendable {
  private struct Known {
    /// Oldest first.
    var secrets: [Secret] = []
    var isKnown: Set<Secret> = []
    /// How often one was added.
    var version = 0
    /// Made when it is first needed, and anew when one was added since.
    var redactor: (made: Redactor, version: Int)?
    /// Of the shared ones, when some of them are no secret here.
    var otherRedactor: (made: Redactor, version: Int)?
  }

  /// Credentials that are renewed every hour must not pile up in a process that runs for years.
  private static let most = 1_000

  private let known = MutexBox(Known())
  private let shared: SentSecrets?
  private let ownText: String

  /// Begins without any.
  /// - Parameters:
  ///   - shared: those of the process, which are replaced too, and told of what lasts longer than one request.
  ///   - ownText: what stands in the clear where the texts go anyway. A word of it is not hidden, although it also
  ///     serves as a user's name or a password: "test" in "test-bucket".
  public init(sharing shared: SentSecrets? = nil, besides ownText: String = "") {
    self.shared = shared
    self.ownText = ownText
  }

  /// Told of each request of the current task before it is sent.
  @TaskLocal public static var current: SentSecrets?

  /// Notes secrets.
  /// - Parameter passing: those of one request only, such as its signature.
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

  /// Knows every secret that is known so far.
  public var redactor: Redactor { Redactor(joining: redactors) }

  /// The text with every secret replaced that is known so far.
  public func redact(_ text: String) -> String { redactor.redact(text) }

  /// JSON text with every secret of some length replaced that is known so far.
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

  /// Those of the process are many and seldom change: what takes them out is made once for all jobs that may share it.
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
