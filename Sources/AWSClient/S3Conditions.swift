public import HTTPTransport

/// The writes that `If-None-Match: *` keeps from replacing existing things.
public enum S3ConditionalWrite: Sendable, Hashable {
  /// An object in one request.
  case putObject
  /// An object from parts.
  case completeMultipartUpload
}

/// What was learned about self-hosted servers: which refuse a write because of its condition, which refuse checksums,
/// and which return them. Clients that share it try each server once.
public actor S3Conditions {
  private struct Refusal: Hashable {
    let base: String
    let write: S3ConditionalWrite
  }

  /// A server that ignores the request to return a checksum may still refuse one that comes with a part.
  private struct Acceptance: Hashable {
    let base: String
    let operation: String
  }

  private var refusals: Set<Refusal> = []
  private var accepted: Set<Acceptance> = []
  private var refusers: Set<String> = []
  private var tellers: Set<String> = []

  /// Creates one that assumes that every server knows conditions and checksums.
  public init() {}

  func isRefused(_ write: S3ConditionalWrite, by base: String) -> Bool {
    refusals.contains(Refusal(base: base, write: write))
  }

  func remember(_ write: S3ConditionalWrite, isRefusedBy base: String) {
    refusals.insert(Refusal(base: base, write: write))
  }

  func checksumUse(of base: String, in operation: String) -> S3ChecksumUse? {
    if refusers.contains(base) { return .refused }
    return accepted.contains(Acceptance(base: base, operation: operation)) ? .accepted : nil
  }

  func acceptsChecksums(_ base: String, in operation: String) {
    accepted.insert(Acceptance(base: base, operation: operation))
  }

  /// No more checksums are sent to this server, with any call.
  func refusesChecksums(_ base: String) { refusers.insert(base) }

  func tellsChecksums(_ base: String) -> Bool { tellers.contains(base) }

  func rememberTeller(_ base: String) { tellers.insert(base) }
}

extension S3Client {
  /// Whether a write may carry `If-None-Match`; false once its server is known to refuse that. AWS never does.
  public func takesCondition(on write: S3ConditionalWrite) async -> Bool {
    guard let base = endpoint.ownBase else { return true }
    return await !conditions.isRefused(write, by: base)
  }

  /// Whether the refusal of a write means that the server does not know its condition; nothing was written then.
  ///
  /// Most answer 501, some 400. OpenStack Swift answers the completion of an upload with 412 InvalidRequest.
  public func isUnknownCondition(_ error: ProviderError) -> Bool {
    guard endpoint.ownBase != nil, error.delivery == .refused else { return false }
    if error.status == 501 { return true }
    if error.status == 412 { return error.code != "PreconditionFailed" }
    guard error.status == 400 else { return false }
    return error.message.lowercased().contains("if-none-match")
      || error.code.map(Self.unknownHeaderCodes.contains) == true
  }

  /// How servers word it in a 400 that they do not know a header, among other reasons. If there is another reason, it
  /// occurs again without the header, and is then the one that is reported.
  private static let unknownHeaderCodes: Set = ["InvalidArgument", "InvalidRequest", "NotImplemented"]

  /// Remembers that a write was refused with its condition and carried out without it.
  public func rememberUnknownCondition(on write: S3ConditionalWrite) async {
    guard let base = endpoint.ownBase else { return }
    await conditions.remember(write, isRefusedBy: base)
  }
}
