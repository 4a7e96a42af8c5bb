import HTTPTransport
import Secrets
import Wire

/// The content of an error answer of S3 or STS, and the ``ProviderError`` it becomes.
struct AWSErrorAnswer {
  var code: String
  var message: String
  var requestID: String?
  /// The region named in the body.
  var region: String?
  /// The server's time named in the body, in seconds since 1970.
  var serverTime: Int64?
  /// Whether the answer is known to come from the provider and not from a proxy: by its XML, or, if it has no body, by
  /// the provider's own header fields.
  var isFromProvider: Bool
  /// Whether the request could change anything.
  var isWrite: Bool

  /// Reads an answer that is not a success; HEAD answers have no body, so their status gives the code.
  init(_ response: HTTPResponse, method: String) {
    let isHead = method == "HEAD"
    isWrite = !isHead && method != "GET"
    requestID = response.header("x-amz-request-id") ?? response.header("x-amzn-requestid")
    if let root = try? XMLReader.read(response.body), let error = Self.errorElement(root),
      let code = error.value("Code")
    {
      self.code = code
      // Truncated last: half a secret would no longer be recognised.
      message = String(response.redactor.redact(error.value("Message") ?? "").prefix(500))
      requestID = requestID ?? error.value("RequestId") ?? root.value("RequestId") ?? root.value("RequestID")
      region = error.value("Region")
      serverTime = error.value("ServerTime").flatMap(InternetTime.seconds)
      isFromProvider = true
      return
    }
    isFromProvider = response.isOfS3 && (isHead || !response.isPage)
    code = Self.code(status: response.status)
    message =
      isHead || response.body.isEmpty
      ? "answered \(response.status) without a body"
      : "answered \(response.status) with a body that is not the provider's XML"
  }

  /// Whether credentials that were fetched again may be accepted.
  var meansStaleCredentials: Bool {
    ["ExpiredToken", "ExpiredTokenException", "InvalidToken", "InvalidTokenId", "TokenRefreshRequired"].contains(code)
  }

  /// Whether this code means that the caller is refused, whatever it requests.
  static func refusesIdentity(_ code: String) -> Bool {
    [
      "InvalidAccessKeyId", "SignatureDoesNotMatch", "InvalidToken", "InvalidTokenId", "ExpiredToken",
      "TokenRefreshRequired", "RequestTimeTooSkewed", "AccountProblem", "InvalidSecurity", "NotSignedUp",
      "UserSuspended",
    ].contains(code)
  }

  /// The error of an embedded document such as CompleteMultipartUpload's answer with status 200.
  static func errorElement(_ root: XMLElement) -> XMLElement? {
    root.name == "Error" ? root : root.name == "ErrorResponse" ? root.child("Error") : nil
  }

  /// Whether a document says that a call failed, and why.
  static func isEnvelope(_ root: XMLElement) -> Bool { errorElement(root)?.value("Code") != nil }

  private static func code(status: Int) -> String {
    switch status {
    case 301, 308: "PermanentRedirect"
    case 307: "TemporaryRedirect"
    case 400: "BadRequest"
    case 401, 403: "AccessDenied"
    case 404: "NotFound"
    case 405: "MethodNotAllowed"
    case 409: "Conflict"
    case 412: "PreconditionFailed"
    case 429: "TooManyRequests"
    case 500: "InternalError"
    case 501: "NotImplemented"
    case 503: "ServiceUnavailable"
    default: "HTTP\(status)"
    }
  }

  /// A read, and a complete 3xx or 4xx other than 408, did nothing. Of the 5xx, only 501 is a refusal; after any other,
  /// even S3's own 503, the call may have been carried out. The same holds if the error is in the body of an answer
  /// that began as a success.
  func delivery(status: Int) -> Delivery {
    guard isWrite else { return .refused }
    return (300..<500).contains(status) && status != 408 || status == 501 ? .refused : .unknown
  }

  /// The error for the caller.
  /// - Parameter now: seconds since 1970 by our clock.
  func providerError(
    provider: String, operation: String, target: String, response: HTTPResponse, now: Int64
  ) -> ProviderError {
    ProviderError(
      provider: provider, operation: operation, target: target, status: response.status, code: code, message: message,
      requestID: requestID, delivery: delivery(status: response.status),
      retryAfter: Self.retryAfter(response, now: now),
      hint: Self.hint(code: code, operation: operation)
    ).redacted(by: response.redactor)
  }

  /// When the server wants the next request: the milliseconds of its own field, otherwise the standard field.
  static func retryAfter(_ response: HTTPResponse, now: Int64) -> Duration? {
    guard let milliseconds = response.header("x-amz-retry-after").flatMap({ Int64($0) }), milliseconds >= 0 else {
      return response.requestedPause(now: now)
    }
    return min(.milliseconds(milliseconds), HTTPResponse.longestPause)
  }

  /// What an account-level Block Public Access refuses.
  private static let publicOperations: Set = [
    "PutBucketPolicy", "PutPublicAccessBlock", "PutObject", "CreateMultipartUpload",
  ]

  private static func hint(code: String, operation: String) -> String? {
    switch code {
    case "InvalidAccessKeyId", "InvalidClientTokenId":
      "check the access key id; a key less than a minute old may not be active everywhere yet"
    case "SignatureDoesNotMatch": "check the secret access key"
    case "BucketAlreadyExists": "the name belongs to another account: choose another name"
    case "TooManyBuckets": "delete unused buckets, or request a higher bucket quota"
    case "PermanentRedirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraintException":
      "the bucket is in another region than the request was signed for: check the region"
    // A HEAD gives no reason, and all accounts share one namespace of bucket names.
    case "AccessDenied" where operation == "HeadBucket":
      "bucket names are global: if this one belongs to another account, choose another name; if it is yours, "
        + "these credentials lack s3:ListBucket on it"
    case "AccessDenied" where operation == "HeadObject":
      "these credentials need s3:GetObject on it, and s3:ListBucket on the bucket to see that a key does not exist"
    case "AccessDenied" where publicOperations.contains(operation):
      "check the permissions; an account-level Block Public Access also refuses public policies and ACLs"
    case "AccessDenied": "check the permissions of these credentials"
    default: nil
    }
  }
}
