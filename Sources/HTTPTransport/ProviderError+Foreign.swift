extension ProviderError {
  /// The code of an answer that somebody else gave in the provider's place.
  public static let foreignAnswer = "foreign-answer"

  /// The statuses that mean the same whoever answers: too large for something on the way, or too much for now.
  private static let spokenForAll: Set = [413, 414, 429, 431, 503]

  /// The error of an answer that is not the provider's own: a page of a proxy, a gateway or a captive portal.
  ///
  /// Its status is given in words only, so that nobody mistakes a gateway's 404 for "there is no such thing". After a
  /// write the outcome is unknown, whatever the status: an intermediary may have passed the request on and withheld the
  /// answer.
  public static func foreign(
    provider: String, operation: String, target: String, response: HTTPResponse, isWrite: Bool, says message: String,
    retryAfter: Duration?
  ) -> ProviderError {
    let isForAll = spokenForAll.contains(response.status)
    var error = ProviderError(
      provider: provider, operation: operation, target: target, status: isForAll ? response.status : nil,
      code: isForAll ? nil : foreignAnswer, message: "answered \(response.status), \(message)",
      delivery: isWrite ? .unknown : .refused, retryAfter: retryAfter,
      hint: "a proxy or gateway answered instead: check the connection's URL and what is in between; if other jobs "
        + "get through, a filter refuses what this one sends")
    error.isFromProvider = false
    return error
  }
}

extension HTTPResponse {
  /// Whether it is a page for people.
  public var isPage: Bool {
    hasPageBody || header("content-type")?.lowercased().hasPrefix("text/html") == true
  }

  /// Whether its body is a page, whatever its header says.
  public var hasPageBody: Bool {
    let start = body.drop { $0 == 0x20 || (0x09...0x0d).contains($0) }.prefix(9)
    let text = String(decoding: start, as: UTF8.self).lowercased()
    return text.hasPrefix("<html") || text.hasPrefix("<!doctype")
  }
}
