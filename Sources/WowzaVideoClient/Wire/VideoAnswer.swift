import FoundationEssentials
import HTTPTransport
import Secrets

/// Judges an answer of Wowza Video: success, refusal, or a write that may have taken effect.
struct VideoAnswer {
  static let provider = "wowza-video"

  let operation: String
  let target: String
  let isWrite: Bool
  let response: HTTPResponse
  /// Values that were sent and must not come back in a message.
  let hidden: [Secret]

  /// The body of a success, as one of the types it may have.
  func decoded<Value: Decodable>(_ type: Value.Type) throws(ProviderError) -> Value {
    guard (200..<300).contains(response.status) else { throw refusal() }
    do {
      return try JSONDecoder().decode(type, from: Data(response.body))
    } catch {
      throw undecodable
    }
  }

  /// An answer whose body we need not understand.
  func accepted() throws(ProviderError) {
    guard (200..<300).contains(response.status) else { throw refusal() }
  }

  /// A success that cannot be read: after a write nobody knows what was made.
  var undecodable: ProviderError {
    error(
      message: notJSON, code: "undecodable-answer", delivery: isWrite ? .unknown : .refused,
      hint: "is the URL that of Wowza Video's API, with a version that this account has?")
  }

  private struct Refusal: Decodable {
    struct Meta: Decodable {
      let code: String?
      let message: String?
      let title: String?

      init(from decoder: any Decoder) throws {
        let fields = try LenientFields(decoder)
        code = fields.text("code")
        message = fields.text("message")
        title = fields.text("title")
      }
    }
    let meta: Meta?
  }

  private func refusal() -> ProviderError {
    let meta = (try? JSONDecoder().decode(Refusal.self, from: Data(response.body)))?.meta
    let said = [meta?.message, meta?.title].compactMap { $0 }.first { !$0.isEmpty }
    // 429 and 503 are sent instead of doing the work; any other 5xx, a proxy's 502 and 504 too, may come after it.
    let mayHaveHappened = isWrite && response.status >= 500 && response.status != 503
    return error(
      message: said ?? (meta == nil ? notJSON : "no message was given"), code: meta?.code,
      delivery: mayHaveHappened ? .unknown : .refused, hint: Self.hint(meta?.code, status: response.status))
  }

  private static func hint(_ code: String?, status: Int) -> String? {
    switch code {
    case "ERR-401-NoApiKey", "ERR-401-NoAccessKey", "ERR-401-InvalidApiKey", "ERR-401-InvalidAccessKey",
      "ERR-401-InvalidKeyLength", "ERR-401-InvalidToken":
      "check the credentials of this connection and that its version takes their kind"
    case "ERR-401-InvalidSignature": "check this machine's clock: a signature is good for 15 s"
    case "ERR-401-ExpiredToken": "make a new token in the account's token page and put it where the reference points"
    case "ERR-401-BadAccountStatus", "ERR-401-TrialExceeded": "look at the account's status and billing"
    case "ERR-401-FeatureNotEnabled": "the account's licence lacks this feature"
    default: status == 404 ? "check the id, and that the connection is the right account" : nil
    }
  }

  /// Tells what came instead of JSON. Only markup is quoted: a broken answer may hold a token.
  private var notJSON: String {
    let type = response.header("Content-Type") ?? "no content type"
    let start = String(decoding: response.body.prefix(120), as: UTF8.self).drop { $0.isWhitespace }
    return start.hasPrefix("<")
      ? "not JSON but \(type): \(start.prefix(60))" : "not the JSON we expect (\(type), \(response.body.count) bytes)"
  }

  private func error(message: String, code: String?, delivery: Delivery, hint: String?) -> ProviderError {
    var safe = message
    for secret in hidden where !secret.isEmpty {
      safe = safe.split(separator: secret.reveal(), omittingEmptySubsequences: false).joined(separator: "<redacted>")
    }
    safe = String(safe.map { $0.isNewline ? " " : $0 }.prefix(300))
    let requestID = response.header("x-request-id")
    return ProviderError(
      provider: Self.provider, operation: operation, target: target, status: response.status, code: code,
      message: safe, requestID: requestID, delivery: delivery, retryAfter: retryAfter, hint: hint)
  }

  /// None is documented; one that comes is obeyed, up to a day.
  private var retryAfter: Duration? {
    response.header("Retry-After").flatMap { Int64($0) }.flatMap { (0...86_400).contains($0) ? .seconds($0) : nil }
  }
}
