import HTTPTransport
import Secrets
import Wire

/// Judges one answer of Wowza Video: a success, a refusal, or a write that may have taken effect.
struct VideoAnswer {
  let call: VideoCall
  let response: HTTPResponse
  /// Seconds since 1970 by our clock when the answer came.
  let now: Int64

  /// The decoded body of a success.
  func value() throws(ProviderError) -> VideoValue {
    guard (200..<300).contains(response.status) else { throw refusal() }
    guard let value = VideoValue.parse(response.body), case .object = value else {
      // Truncated JSON comes from the service itself; a page does not.
      throw isJSON ? undecodable(notJSON) : foreign(notJSON)
    }
    guard isOfService(value) else { throw foreign("with JSON that is not the service's") }
    return value
  }

  /// Whether a success has one of the keys that the service uses for its answers: a health page has none.
  private func isOfService(_ value: VideoValue) -> Bool {
    guard case .object(let fields) = value else { return false }
    return fields.keys.contains { key in Self.wrappers.contains { key.hasPrefix($0) } }
  }

  private static let wrappers = ["live_stream", "transcoder", "asset", "stream_target", "meta", "pagination"]

  /// The error of a success with an unreadable body. After a GET nothing has changed; a write has probably been carried
  /// out.
  func undecodable(_ message: String) -> ProviderError {
    error(
      message: message, code: "undecodable-answer", delivery: call.isWrite ? .unknown : .refused,
      hint: "check the connection's URL and version: are they Wowza Video's?")
  }

  private func refusal() -> ProviderError {
    let body = VideoValue.parse(response.body)
    // Every refusal of the service has `meta`; a gateway in front of it writes its message at the top level.
    guard let meta = body?["meta"], case .object = meta else { return limit(body) ?? foreign(text(body) ?? notJSON) }
    let code = meta["code"]?.text
    // Others have a `meta` too. An answer that says that something is gone must have the service's form.
    let isInForm = meta["status"]?.whole == response.status || code?.hasPrefix("ERR-") == true
    guard isInForm || ![404, 410].contains(response.status) else { return foreign(text(meta) ?? notJSON) }
    var refusal = error(
      message: text(meta) ?? notJSON, code: code, delivery: delivery,
      hint: VideoHint.hint(status: response.status, code: code))
    if code == VideoHint.invalidSignature, let skew {
      refusal.clockSkew = .seconds(skew)
      if abs(skew) > VideoHint.clockTolerance {
        let direction = skew > 0 ? "behind" : "ahead of"
        refusal.hint = "this machine's clock is \(abs(skew)) s \(direction) Wowza Video's: check its NTP"
      }
    }
    return refusal
  }

  /// The refusal because the account may not create more for now. No specification describes its content; the vendor's
  /// page says that it means a reached limit, and no gateway answers 409 for that.
  private func limit(_ body: VideoValue?) -> ProviderError? {
    let words = text(body) ?? String(decoding: response.body.prefix(4096), as: UTF8.self)
    guard response.status == 409, !response.isPage, words.lowercased().contains("limit") else { return nil }
    return error(
      message: words, code: nil, delivery: .refused, hint: VideoHint.hint(status: response.status, code: nil))
  }

  /// A complete 4xx did nothing, except 408, which means that a time limit has passed and does not say what was done
  /// before. Nor did 429: the account's limit counts calls, so it is checked before the call is processed. A redirect
  /// may mean "done, look there", so a redirected write may have been carried out. Of the 5xx, only 501 is a refusal;
  /// after any other, even 503, the write may have been carried out, or may still be.
  private var delivery: Delivery {
    guard call.isWrite else { return .refused }
    if (400..<500).contains(response.status) { return response.status == 408 ? .unknown : .refused }
    return response.status == 501 ? .refused : .unknown
  }

  private var isJSON: Bool { response.header("Content-Type")?.lowercased().contains("json") == true }

  private func foreign(_ message: String) -> ProviderError {
    ProviderError.foreign(
      provider: WowzaVideoClient.provider, operation: call.operation, target: call.target, response: response,
      isWrite: call.isWrite, says: clean(message, longest: 300), retryAfter: response.requestedPause(now: now))
  }

  /// When the provider answered, by its own clock; seconds since 1970.
  var date: Int64? { response.header("Date").flatMap(HTTPDate.seconds) }

  /// Seconds by which the provider's clock is ahead of ours.
  private var skew: Int64? { date.map { $0 - now } }

  private func text(_ meta: VideoValue?) -> String? {
    let texts = ["message", "title", "error", "description"].lazy.compactMap { meta?[$0]?.text }
    return texts.first { !$0.isEmpty }
  }

  /// Describes what came instead of JSON; only markup is quoted: a truncated answer may contain what nobody should
  /// read.
  private var notJSON: String {
    let type = response.header("Content-Type") ?? "no content type"
    if VideoValue.parse(response.body) != nil { return "the response gives no reason (\(type))" }
    let isBlank: (UInt8) -> Bool = { $0 == 0x20 || (0x09...0x0d).contains($0) }
    let start = clean(String(decoding: response.body.drop(while: isBlank).prefix(4096), as: UTF8.self), longest: 60)
    return start.hasPrefix("<")
      ? "not JSON but \(type): \(start)" : "not a JSON object (\(type), \(response.body.count) bytes)"
  }

  /// One line without secrets. Truncated last: half a secret would no longer be recognised.
  private func clean(_ text: String, longest: Int) -> String {
    String(response.redactor.redact(text).map { $0.isNewline ? " " : $0 }.prefix(longest))
  }

  private func error(message: String, code: String?, delivery: Delivery, hint: String?) -> ProviderError {
    ProviderError(
      provider: WowzaVideoClient.provider, operation: call.operation, target: call.target, status: response.status,
      code: code.map { clean($0, longest: 100) }, message: clean(message, longest: 300),
      requestID: response.header("x-request-id").map { clean($0, longest: 100) }, delivery: delivery,
      retryAfter: response.requestedPause(now: now), hint: hint)
  }
}
