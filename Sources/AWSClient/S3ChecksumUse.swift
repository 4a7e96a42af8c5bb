import HTTPTransport

/// How a server treats `x-amz-checksum-*`.
enum S3ChecksumUse: Sendable, Hashable {
  case accepted
  case refused
}

extension S3Client {
  /// Whether objects are verified by MD5 because nothing better is available: for a self-hosted server that has not
  /// returned a checksum yet. AWS returns the one that it was sent.
  public func needsMD5() async -> Bool {
    guard let base = endpoint.ownBase else { return false }
    return await !conditions.tellsChecksums(base)
  }

  /// Sends a call with its checksums and everything else it can do without, and once more without these if a
  /// self-hosted server refuses them: the refusal is certain, so nothing happened. Then the body's SHA-256 in the
  /// signature guards the bytes.
  /// - Returns: the answer, with a status of 200 to 299.
  func send(_ call: S3Call) async throws -> HTTPResponse {
    try await AnswerJudgement.told { try await sendAdapted(call) }
  }

  private func sendAdapted(_ call: S3Call) async throws -> HTTPResponse {
    guard !call.dispensable.isEmpty else { return try await sendCorrected(call) }
    var plain = call
    plain.dispensable = []
    var whole = plain
    whole.headers += call.dispensable
    guard let base = endpoint.ownBase else { return try await sendCorrected(whole) }
    switch await conditions.checksumUse(of: base, in: call.operation) {
    case .refused: return try await sendCorrected(plain)
    case .accepted: return try await sendCorrected(whole)
    case nil: break
    }
    do {
      let response = try await sendCorrected(whole)
      if call.isAboutChecksums { await conditions.acceptsChecksums(base, in: call.operation) }
      return response
    } catch let error as ProviderError where error.mayRefuseDispensable {
      do {
        let response = try await sendCorrected(plain)
        if call.isAboutChecksums { await conditions.refusesChecksums(base) }
        return response
      } catch let second as ProviderError {
        // Refused in the same way: the reason was not the checksums, but a condition, for example.
        guard second.status != error.status || second.code != error.code else { throw error }
        if call.isHead, second.status == 404 { await conditions.refusesChecksums(base) }
        // A server may not know conditions but require a checksum: then the second refusal is because the checksum is
        // missing.
        throw isUnknownCondition(error) && isUnknownCondition(second) ? error : second
      }
    }
  }
}

extension ProviderError {
  /// Whether a refusal can be about something that a request can do without, such as its checksums. Servers word it in
  /// many ways, as 501 or 400; these codes have reasons of their own.
  fileprivate var mayRefuseDispensable: Bool {
    guard isFromProvider, delivery == .refused, status == 400 || status == 501 else { return false }
    guard !message.lowercased().contains("if-none-match") else { return false }
    // Some servers compare a checksum with the wrong one. The body's SHA-256 still guards the body.
    if code == "BadDigest" { return message.lowercased().contains("x-amz-checksum") }
    return code.map(Self.ownReasons.contains) != true
  }

  private static let ownReasons: Set = [
    "AccessControlListNotSupported", "AuthorizationHeaderMalformed", "EntityTooLarge", "EntityTooSmall",
    "ExpiredToken", "IllegalLocationConstraint", "IllegalLocationConstraintException", "IncompleteBody",
    "InvalidAccessKeyId", "InvalidBucketName", "InvalidLocationConstraint", "InvalidPart", "InvalidPartOrder",
    "InvalidStorageClass", "InvalidToken", "KeyTooLongError", "MalformedXML", "RequestTimeTooSkewed", "RequestTimeout",
    "TokenRefreshRequired", "TooManyBuckets", "XAmzContentSHA256Mismatch",
  ]
}
