import HTTPTransport

/// What an error answer of S3 or STS says, and the ``ProviderError`` it becomes.
struct AWSErrorAnswer {
  var code: String
  var message: String
  var requestID: String?
  /// The region named in the body.
  var region: String?
  /// Whether the body was the provider's XML, so that the answer is known to come from it and not from a proxy.
  var isFromProvider: Bool

  /// Reads an answer that is not a success; HEAD answers have no body, so their status gives the code.
  init(_ response: HTTPResponse, isHead: Bool) {
    requestID = response.header("x-amz-request-id") ?? response.header("x-amzn-requestid")
    if let root = try? XMLReader.read(response.body), let error = Self.errorElement(root),
      let code = error.value("Code")
    {
      self.code = code
      message = String((error.value("Message") ?? "").prefix(500))
      requestID = requestID ?? error.value("RequestId") ?? root.value("RequestId") ?? root.value("RequestID")
      region = error.value("Region")
      isFromProvider = true
      return
    }
    isFromProvider = isHead || requestID != nil
    code = Self.code(status: response.status)
    message =
      isHead || response.body.isEmpty
      ? "answered \(response.status) without a body"
      : "answered \(response.status) with a body that is not the provider's XML"
  }

  /// The error of an embedded document such as CompleteMultipartUpload's answer with status 200.
  static func errorElement(_ root: XMLElement) -> XMLElement? {
    root.name == "Error" ? root : root.name == "ErrorResponse" ? root.child("Error") : nil
  }

  private static func code(status: Int) -> String {
    switch status {
    case 301, 307, 308: "PermanentRedirect"
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

  /// A complete 3xx or 4xx did nothing. Of the 5xx only the provider's own throttling answers and 501 are refusals;
  /// after InternalError, or a gateway's error page, the call may have been carried out.
  func delivery(status: Int) -> Delivery {
    if status < 500 { return isSuccess(status) ? embeddedDelivery : .refused }
    if status == 501 { return .refused }
    return embeddedDelivery
  }

  private var embeddedDelivery: Delivery {
    isFromProvider && ["SlowDown", "ServiceUnavailable", "Throttling", "RequestLimitExceeded"].contains(code)
      ? .refused : .unknown
  }

  private func isSuccess(_ status: Int) -> Bool { (200..<300).contains(status) }

  /// The error for the caller.
  func providerError(provider: String, operation: String, target: String, response: HTTPResponse) -> ProviderError {
    ProviderError(
      provider: provider, operation: operation, target: target, status: response.status, code: code, message: message,
      requestID: requestID, delivery: delivery(status: response.status), retryAfter: Self.retryAfter(response),
      hint: Self.hint(code: code, operation: operation))
  }

  static func retryAfter(_ response: HTTPResponse) -> Duration? {
    if let text = response.header("x-amz-retry-after"), let milliseconds = Int64(text), milliseconds >= 0 {
      return .milliseconds(milliseconds)
    }
    if let text = response.header("retry-after"), let seconds = Int64(text), (0...86_400).contains(seconds) {
      return .seconds(seconds)
    }
    return nil
  }

  private static func hint(code: String, operation: String) -> String? {
    switch code {
    case "InvalidAccessKeyId", "InvalidClientTokenId":
      "check the access key id; a key younger than a minute may not be known everywhere yet"
    case "SignatureDoesNotMatch": "check the secret access key"
    case "BucketAlreadyExists": "the name belongs to another account: choose another"
    case "AccessDenied" where operation == "PutBucketPolicy" || operation == "PutObject":
      "check the permissions; an account-level Block Public Access also refuses public policies and ACLs"
    case "AccessDenied": "check the permissions of these credentials"
    default: nil
    }
  }
}
