/// An error answer of Wowza Video: `{"meta":{…}}`.
struct VideoError: Error, Sendable {
  let status: Int
  /// nil where no specification names a code (409, 429, 5xx).
  let code: String?
  let title: String
  let message: String

  var answer: Reply {
    var meta: [String: JSONValue] = [
      "status": .integer(status), "title": .string(title), "message": .string(message), "description": "",
      "links": [],
    ]
    meta["code"] = code.map(JSONValue.string)
    return Reply(status, json: ["meta": .object(meta)])
  }

  /// Every 401 in the specifications; not all of them are about credentials.
  static let codes401 = [
    "ERR-401-NoApiKey", "ERR-401-NoAccessKey", "ERR-401-InvalidApiKey", "ERR-401-InvalidAccessKey",
    "ERR-401-InvalidKeyLength", "ERR-401-InvalidSignature", "ERR-401-ExpiredToken", "ERR-401-InvalidToken",
    "ERR-401-BadAccountStatus", "ERR-401-FeatureNotEnabled", "ERR-401-TrialExceeded",
  ]

  static func unauthorized(_ code: String) -> VideoError {
    let title = code == "ERR-401-TrialExceeded" ? "Bad Billing Status Error" : "Authentication Error"
    return VideoError(status: 401, code: code, title: title, message: "The request couldn't be authorized.")
  }

  static let notFound = VideoError(
    status: 404, code: "ERR-404-RecordNotFound", title: "Record Not Found Error",
    message: "The requested resource couldn't be found.")

  static let deleted = VideoError(
    status: 410, code: "ERR-410-RecordDeleted", title: "Record Deleted Error",
    message: "The requested resource has been deleted.")

  static let unaccessible = VideoError(
    status: 403, code: "ERR-403-RecordUnaccessible", title: "Record Unaccessible Error",
    message: "The requested resource isn't accessible.")

  static let notAvailable = VideoError(
    status: 422, code: "ERR-422-NotAvailable", title: "Not Available Error",
    message: "The asset isn't available until its processing is done.")

  static let limitReached = VideoError(
    status: 409, code: nil, title: "Conflict", message: "Live stream limit reached.")

  static let alreadyStopped = VideoError(
    status: 423, code: "ERR-423-StreamAlreadyStopped", title: "Stream Already Stopped Error",
    message: "The stream is stopped already.")

  static func invalid(_ reason: String) -> VideoError {
    VideoError(
      status: 422, code: "ERR-422-RecordInvalid", title: "Record Invalid Error",
      message: "The request couldn't be processed. " + reason)
  }

  static func invalidStateChange(_ action: String, in state: String) -> VideoError {
    VideoError(
      status: 422, code: "ERR-422-InvalidStateChange", title: "Invalid State Change Error",
      message: "\(action) is not allowed in the state \(state).")
  }
}
