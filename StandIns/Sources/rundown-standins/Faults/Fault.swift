/// One fault that the control API switches on.
struct Fault: Codable, Sendable, Equatable {
  enum Kind: String, Codable, Sendable {
    case cutBeforeEffect, cutAfterEffect, slow, htmlError, status, code401, unauthorized, malformedJSON, down
  }

  /// Before the request has its effect, or after it.
  enum Moment: String, Codable, Sendable {
    case before, after
  }

  /// `engine <name>`, `video` or `s3`.
  let listener: String
  let kind: Kind
  /// Only requests with this method; nil: any (the cuts: any method that changes something).
  var method: String?
  /// Only requests whose path starts with this.
  var pathPrefix: String?
  /// Only requests with this parameter in their query, such as `partNumber=2`.
  var parameter: String?
  /// How often it strikes; nil: without limit.
  var count: Int?
  /// Chance from 0 to 1 that it strikes a matching request.
  var probability: Double?
  /// After how many seconds it ends by itself.
  var durationSeconds: Double?
  var when: Moment?
  /// For `slow`.
  var delayMilliseconds: Int?
  /// For `status`.
  var status: Int?
  /// For `status`: the `Retry-After` header.
  var retryAfterSeconds: Int?
  /// For `code401`.
  var code: String?

  enum CodingKeys: String, CodingKey, CaseIterable {
    case listener, kind, method, pathPrefix, parameter, count, probability, durationSeconds, when, delayMilliseconds,
      status
    case retryAfterSeconds, code
  }

  var moment: Moment {
    switch kind {
    case .cutAfterEffect, .malformedJSON: .after
    case .cutBeforeEffect, .code401, .unauthorized, .down: .before
    case .slow, .htmlError, .status: when ?? .before
    }
  }

  func matches(_ request: Request) -> Bool {
    if let method, method != request.method { return false }
    if let pathPrefix, !request.path.hasPrefix(pathPrefix) { return false }
    if let parameter, !request.query.contains(where: { "\($0.name)=\($0.value)" == parameter }) { return false }
    let isCut = kind == .cutAfterEffect || kind == .cutBeforeEffect
    return !isCut || method != nil || request.changes
  }

  /// What is wrong with this fault as written, and how to fix it; nil if it can be used.
  func problem(listeners: [String]) -> String? {
    if !listeners.contains(listener) {
      return "unknown listener \"\(listener)\": use one of \(listeners.sorted().joined(separator: ", "))"
    }
    if let count, count < 1 { return "count must be at least 1" }
    if let probability, !(0...1).contains(probability) { return "probability must be between 0 and 1" }
    if let durationSeconds, !(0...86_400).contains(durationSeconds) {
      return "durationSeconds must be between 0 and 86400"
    }
    switch kind {
    case .slow where !(1...600_000).contains(delayMilliseconds ?? 0):
      return "slow needs delayMilliseconds between 1 and 600000"
    case .status where !(300...599).contains(status ?? 0):
      return "status needs a status between 300 and 599"
    case .code401 where listener != "video" || !VideoError.codes401.contains(code ?? ""):
      return "code401 needs the listener video and a code out of \(VideoError.codes401.joined(separator: ", "))"
    case .unauthorized where listener == "s3", .malformedJSON where listener == "s3":
      return "\(kind.rawValue) is nothing that S3 does: use status"
    case .down where durationSeconds == nil:
      return "down needs durationSeconds"
    default:
      return nil
    }
  }
}
