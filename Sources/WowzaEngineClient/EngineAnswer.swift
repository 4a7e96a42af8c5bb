import HTTPTransport
import Secrets

/// Judges the engine's answers: success, refusal, or a write that may have taken effect.
struct EngineAnswer {
  let operation: String
  let target: String
  let isWrite: Bool
  let response: HTTPResponse
  /// How the request authenticated; nil when it did not.
  let scheme: HTTPAuthentication.Scheme?
  /// What a read requests; nil for a write, which is answered with the envelope.
  let record: EngineRecord?
  /// The server's name in the path.
  let server: String
  /// Whether the engine has since answered another request as itself: see ``isDoubtful``.
  var isConfirmed = false

  /// The decoded body of a success.
  func value() throws(ProviderError) -> EngineValue {
    guard isSuccess else { throw refusal() }
    if isBare { return .null }
    guard let value = EngineValue.parse(response.body), case .object = value else {
      // Truncated JSON comes from the engine itself; a page does not.
      guard isJSON else { throw foreign(notJSON) }
      throw error(
        message: notJSON, code: "undecodable-answer", delivery: isWrite ? .unknown : .refused,
        hint: "is the base URL the engine's REST port (8087)?")
    }
    // A read is answered with the requested record, and with the envelope only if it fails.
    let isEnvelope = (isMarked(value) || isConfirmed) && (isWrite || value["success"]?.flag == false)
    guard isEnvelope || isRecord(value) else { throw foreign("with JSON that is not the engine's") }
    if let success = value["success"], success.flag != true {
      // The status may appear in the body only.
      let told = value["code"]?.whole.flatMap { (400..<600).contains($0) ? Int($0) : nil }
      throw refusal(value, status: told ?? response.status, text: message(value))
    }
    if isWrite, value["success"] == nil {
      throw error(
        message: "the response does not say whether the write succeeded", code: "undecodable-answer",
        delivery: .unknown,
        hint: nil)
    }
    return value
  }

  /// Whether a write was answered by a success without content: only the state afterwards shows who answered.
  var isBare: Bool { isWrite && response.status == 204 && response.body.isEmpty }

  /// The error of a bare success without a visible effect.
  func bareWithoutEffect() -> ProviderError { foreign("but had no effect") }

  /// Whether it is an envelope that others write as well: the engine's own failures name its version, and its successes
  /// have an empty `data`, but builds differ. An ordinary request to the engine then shows who answered.
  var isDoubtful: Bool {
    guard !isBare, let value = EngineValue.parse(response.body), let success = value["success"]?.flag,
      !isMarked(value), !isChallenge
    else { return false }
    return isWrite || !isSuccess || !success
  }

  /// Whether it contains the requested record.
  var showsRecord: Bool { isSuccess && EngineValue.parse(response.body).map(isRecord) == true }

  private var isSuccess: Bool { (200..<300).contains(response.status) }

  /// A challenge is the engine's own, whatever page comes with it.
  private var isChallenge: Bool { response.status == 401 && !challenges.isEmpty }

  /// Whether it has what only the engine writes around the outcome of a write, or around an error.
  private func isMarked(_ value: EngineValue) -> Bool {
    if value["wowzaServer"] != nil { return true }
    return isWrite && isSuccess && value["data"] == .null && value["success"].map { $0.flag == true } != false
  }

  private func isRecord(_ value: EngineValue) -> Bool { record?.isShown(by: value, of: server) == true }

  private var isJSON: Bool { response.header("Content-Type")?.lowercased().contains("json") == true }

  private func foreign(_ message: String) -> ProviderError {
    var error = ProviderError.foreign(
      provider: WowzaEngineClient.provider, operation: operation, target: target, response: response, isWrite: isWrite,
      says: clean(message, longest: 300), retryAfter: response.requestedPause(now: nil))
    switch response.status {
    case 200..<300: error.hint = "is the base URL the engine's REST port (8087)?"
    case 403: error.hint = "the engine's IPWhiteList may not include this machine. Otherwise " + (error.hint ?? "")
    default: break
    }
    return error
  }

  private func refusal() -> ProviderError {
    let value = EngineValue.parse(response.body)
    guard isChallenge || isConfirmed || value.map(isMarked) == true else {
      return foreign(value == nil ? notJSON : "with JSON that is not the engine's")
    }
    return refusal(value, status: response.status, text: value.map(message) ?? notJSON)
  }

  private func refusal(_ value: EngineValue?, status: Int, text: String) -> ProviderError {
    var text = text
    var hint: String?
    switch status {
    case 401:
      let methods = challenges
      text += methods.isEmpty ? " (no method named)" : " (asks for \(methods))"
      hint = authenticationHint
    case 403: hint = "the engine's IPWhiteList may not include this machine"
    case 404: hint = "check the application and entry names"
    case 409: hint = "something with this name already exists"
    default: break
    }
    // Only a 4xx, or a success that denies itself, proves that the engine refused. Any 5xx may come after the work was
    // done, or while it is being done: even a 503, from an engine that is overloaded or shuts down meanwhile. So may
    // 408, which means that a time limit has passed and does not say what was done before.
    let isProof = (200..<300).contains(status) || (400..<500).contains(status) && status != 408
    let mayHaveHappened = isWrite && !isProof
    return error(
      message: text, code: value?["code"]?.text, status: status, delivery: mayHaveHappened ? .unknown : .refused,
      hint: hint)
  }

  /// The value of `auth:` that fits the engine's challenge; nil if the challenge is not supported, or if someone else
  /// answered.
  var fittingAuthentication: String? {
    guard response.status == 401 else { return (try? value()) == nil ? nil : "none" }
    let schemes = response.headers.filter { $0.name.lowercased() == "www-authenticate" }.map {
      $0.value.prefix { $0 != " " }.lowercased()
    }
    if schemes.contains("digest") { return "digest" }
    return schemes.contains("basic") ? "basic" : nil
  }

  private var authenticationHint: String {
    switch (scheme, fittingAuthentication) {
    case (nil, let word?): "the engine asks for credentials: write auth: \(word), user and password"
    case (.digest, "basic"): "the engine asks for Basic: write auth: basic"
    case (.basic, "digest"): "the engine asks for Digest: write auth: digest"
    case (_, nil): "the engine offers no supported authentication; Basic and Digest are supported"
    default: "check user and password"
    }
  }

  /// The methods of all challenges, without nonce and other noise.
  private var challenges: String {
    response.headers.filter { $0.name.lowercased() == "www-authenticate" }.map { header in
      let scheme = header.value.prefix { $0 != " " }
      // Redacted first: after a change of case, a secret would no longer be recognised.
      let algorithm = response.redactor.redact(header.value).lowercased().range(ofWord: "algorithm=")
      return algorithm.map { "\(scheme) \($0)" } ?? String(scheme)
    }.joined(separator: ", ")
  }

  private func message(_ value: EngineValue) -> String {
    let text = value["message"]?.text ?? ""
    return text.isEmpty ? "the engine gave no message" : text
  }

  /// Describes what came instead of JSON. Only markup is quoted: a truncated answer with an entry may contain its
  /// password.
  private var notJSON: String {
    let type = response.header("Content-Type") ?? "no content type"
    let isBlank: (UInt8) -> Bool = { $0 == 0x20 || (0x09...0x0d).contains($0) }
    let start = clean(String(decoding: response.body.drop(while: isBlank).prefix(4096), as: UTF8.self), longest: 60)
    return start.hasPrefix("<")
      ? "not JSON but \(type): \(start)" : "not a JSON object (\(type), \(response.body.count) bytes)"
  }

  /// One line without secrets. Truncated last: half a secret would no longer be recognised.
  private func clean(_ text: String, longest: Int) -> String {
    String(response.redactor.redact(text).map { $0.isNewline ? " " : $0 }.prefix(longest))
  }

  private func error(
    message: String, code: String?, status: Int? = nil, delivery: Delivery, hint: String?
  ) -> ProviderError {
    ProviderError(
      provider: WowzaEngineClient.provider, operation: operation, target: target, status: status ?? response.status,
      code: code.map { clean($0, longest: 100) }, message: clean(message, longest: 300), delivery: delivery,
      retryAfter: response.requestedPause(now: nil), hint: hint)
  }
}

extension String {
  /// The word that starts with `prefix`, up to a comma or space, without quotes.
  fileprivate func range(ofWord prefix: String) -> String? {
    split { $0 == "," || $0 == " " }.first { $0.hasPrefix(prefix) }.map { $0.filter { $0 != "\"" } }
  }
}
