/// Errors in the form of S3's answers.
enum S3ProxyError {
  /// The proxy's own error: the real server was not reached, or did not answer completely.
  static let unreachable = answer(502, code: "UpstreamUnreachable")

  /// The error of a status, with the code that S3 uses for it.
  static func answer(_ status: Int) -> Reply {
    let code =
      switch status {
      case 403: "AccessDenied"
      case 404: "NoSuchKey"
      case 408: "RequestTimeout"
      case 429: "TooManyRequests"
      case 500: "InternalError"
      case 503: "SlowDown"
      default: "Error"
      }
    return answer(status, code: code)
  }

  static func answer(_ status: Int, code: String) -> Reply {
    Reply(
      status,
      body: .text(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>\(code)</Code>"
          + "<Message>Answered by the way to the server.</Message><RequestId>STANDIN0000000</RequestId></Error>",
        contentType: "application/xml"))
  }
}
