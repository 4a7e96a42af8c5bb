import HTTPTransport

/// What a client learned from answers: where buckets are, how wrong our clock is, and the server's own time.
actor S3Knowledge {
  private var regions: [String: String] = [:]
  private(set) var clockCorrection: Int64 = 0
  private(set) var serverTime: Int64?
  /// Whether the server showed that it speaks S3.
  private(set) var hasAnsweredAsItself = false
  /// Whether it has put a request id on an answer: then a refusal without one is doubted, and neither a page nor the
  /// refusal of a write without one is the server's.
  private(set) var namesItsAnswers = false
  /// Whether it has put one on an answer to a HEAD.
  private(set) var namesHeads = false
  /// Whether a success came with one, and whether a success came without one: some servers only put it on refusals.
  private var successes: (named: Bool, unnamed: Bool) = (false, false)

  func region(of bucket: String) -> String? { regions[bucket] }

  func remember(region: String, of bucket: String) {
    if regions.count >= 10_000 { regions.removeAll() }
    regions[bucket] = region
  }

  func correctClock(by seconds: Int64) { clockCorrection = seconds }

  func remember(serverTime: Int64) { self.serverTime = serverTime }

  func answeredAsItself(by response: HTTPResponse, isToHead: Bool = false) {
    hasAnsweredAsItself = true
    if isToHead, response.isNamedByS3 { namesHeads = true }
    let isSuccess = (200..<300).contains(response.status)
    guard response.isNamedByS3 else {
      if isSuccess { successes.unnamed = true }
      return
    }
    namesItsAnswers = true
    if isSuccess { successes.named = true }
  }

  /// Whether a success without a request id may be the server's own: if the server never sends one, or was seen to send
  /// it with refusals only; then a page comes from a gateway.
  func mayBeUnnamed(success response: HTTPResponse) -> Bool {
    guard namesItsAnswers else { return true }
    return successes.unnamed && !successes.named && !response.isPage
  }
}
