/// The engine's answers to every write and every error (recorded from a 4.7.0 server).
enum EngineEnvelope {
  static let version = "4.8.27"

  static func success(_ message: String, status: Int = 200) -> Reply {
    Reply(status, json: ["success": true, "message": .string(message), "data": nil])
  }

  static func failure(_ status: Int) -> Reply {
    Reply(
      status,
      json: [
        "success": false, "code": .string(String(status)), "message": .string(message(for: status)),
        "wowzaServer": .string(version),
      ])
  }

  static func unauthorized(challenge: String?) -> Reply {
    var answer = failure(401)
    answer.headers["WWW-Authenticate"] = challenge
    return answer
  }

  private static func message(for status: Int) -> String {
    switch status {
    case 400: "The request could not be understood by the server due to malformed syntax"
    case 401: "The request requires user authentication"
    case 404: "The server has not found anything matching the request URI"
    case 405: "The method specified in the request is not allowed for the resource identified by the request URI"
    case 409: "The request could not be completed due to a conflict with the current state of the resource"
    case 429: "Too many requests"
    case 503: "The server is currently unable to handle the request"
    default: "The server encountered an unexpected condition which prevented it from fulfilling the request"
    }
  }
}
