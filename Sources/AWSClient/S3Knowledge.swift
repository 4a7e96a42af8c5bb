import HTTPTransport

/// What a client learned from answers: where buckets live, how wrong our clock is, and what the server's says.
actor S3Knowledge {
  private var regions: [String: String] = [:]
  private(set) var clockCorrection: Int64 = 0
  private(set) var serverTime: Int64?
  /// Whether the server showed that it is one that speaks S3.
  private(set) var hasAnsweredAsItself = false
  /// Whether it gave an answer a request id: then a refusal without one is doubted, and a page and whatever refuses a
  /// write are not the server's.
  private(set) var namesItsAnswers = false
  /// Whether it gave one to an answer to a HEAD.
  private(set) var namesHeads = false
  /// Whether it gave one to a success, and whether one came without: some servers name refusals only.
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

  /// Whether a success without a request id may be the server's own: where it names nothing, and where it was seen to name
  /// refusals only; a page is a gateway's then.
  func mayBeUnnamed(success response: HTTPResponse) -> Bool {
    guard namesItsAnswers else { return true }
    return successes.unnamed && !successes.named && !response.isPage
  }
}
