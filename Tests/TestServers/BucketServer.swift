/// One S3 bucket over a socket: it keeps its settings as documents, and answers what a test says in their place.
public actor BucketServer {
  /// What was asked, such as `PUT cors`; the bucket itself is `PUT `.
  public private(set) var calls: [String] = []
  /// The regions that requests were signed for.
  public private(set) var regions: Set<String> = []
  private var isThere: Bool
  private let region: String?
  private let namesAnswers: Bool
  private let namesSuccesses: Bool
  private let refusal: (header: String, answer: SocketServer.Answer)?
  private let keepsRuleIDs: Bool
  private var documents: [String: [UInt8]]
  private var answers: [String: SocketServer.Answer] = [:]
  private var nextAnswers: [String: SocketServer.Answer] = [:]
  private var gateway: (passed: Int, left: Int, page: SocketServer.Answer, passesOn: Bool)?

  /// Creates a bucket.
  /// - Parameters:
  ///   - documents: the settings that it has.
  ///   - isThere: false for one that must be made first.
  ///   - region: the only one for which it takes a signature; nil for any.
  ///   - namesAnswers: whether it gives its answers a request id.
  ///   - namesSuccesses: whether it gives one to successes too.
  ///   - refusal: what it answers to requests with a header of this name.
  ///   - keepsRuleIDs: false for one that gives its lifecycle rules ids of its own.
  public init(
    _ documents: [String: String] = [:], isThere: Bool = true, region: String? = nil, namesAnswers: Bool = true,
    namesSuccesses: Bool = true, refusal: (header: String, answer: SocketServer.Answer)? = nil,
    keepsRuleIDs: Bool = true
  ) {
    self.namesAnswers = namesAnswers
    self.namesSuccesses = namesSuccesses
    self.refusal = refusal
    self.keepsRuleIDs = keepsRuleIDs
    self.documents = documents.mapValues { Array($0.utf8) }
    self.isThere = isThere
    self.region = region
  }

  /// Listens as long as the result is held.
  /// - Throws: ``TestServerError`` when there is no socket to be had.
  public nonisolated func listen() throws -> SocketServer { try SocketServer { await self.respond(to: $0) } }

  /// Gives the same answer to each of these calls.
  public func answer(_ calls: [String], _ answer: SocketServer.Answer) {
    for call in calls { answers[call] = answer }
  }

  /// Gives the same answer to the next of each of these calls.
  public func answerOnce(_ calls: [String], _ answer: SocketServer.Answer) {
    for call in calls { nextAnswers[call] = answer }
  }

  /// Lets somebody in between answer in its place, whatever is asked.
  /// - Parameters:
  ///   - passed: so many requests pass first.
  ///   - count: then so many are answered so.
  ///   - passesOn: whether they reach the server all the same.
  public func answerInItsPlace(after passed: Int, times count: Int, _ page: SocketServer.Answer, passesOn: Bool = false)
  {
    gateway = (passed, count, page, passesOn)
  }

  /// How many requests are still to be answered in its place.
  public var pagesLeft: Int { gateway?.left ?? 0 }

  /// The document of a setting, as it was written.
  public func document(_ setting: String) -> String? { documents[setting].map { String(decoding: $0, as: UTF8.self) } }

  /// A refusal as S3 words it.
  public static func error(_ status: Int, _ code: String) -> SocketServer.Answer {
    .text(status, "<Error><Code>\(code)</Code><Message>no</Message></Error>", headers: own)
  }

  /// A document as S3 sends it.
  public static func page(_ xml: String) -> SocketServer.Answer { .text(200, xml, headers: own) }

  private static let own = [(name: "x-amz-request-id", value: "r1"), (name: "Content-Type", value: "application/xml")]

  private static let unset = [
    "cors": "NoSuchCORSConfiguration", "lifecycle": "NoSuchLifecycleConfiguration", "policy": "NoSuchBucketPolicy",
    "tagging": "NoSuchTagSet", "ownershipControls": "OwnershipControlsNotFoundError",
    "publicAccessBlock": "NoSuchPublicAccessBlockConfiguration",
  ]

  private func withOwnIDs(_ rules: [UInt8]) -> [UInt8] {
    Array(String(decoding: rules, as: UTF8.self).replacing("rundown-abort-incomplete-uploads", with: "0815").utf8)
  }

  private func respond(to request: SocketServer.Request) -> SocketServer.Answer {
    guard let now = gateway else { return ownAnswer(to: request) }
    if now.passed > 0 {
      gateway?.passed -= 1
    } else if now.left > 0 {
      gateway?.left -= 1
      if now.passesOn { _ = ownAnswer(to: request) }
      return now.page
    }
    return ownAnswer(to: request)
  }

  private func ownAnswer(to request: SocketServer.Request) -> SocketServer.Answer {
    var answer = answer(to: request)
    let isNamed = namesAnswers && (namesSuccesses || answer.status >= 300)
    if !isNamed { answer.headers.removeAll { $0.name == "x-amz-request-id" } }
    return answer
  }

  /// What it answers, for a server that stands before it.
  public func answer(to request: SocketServer.Request) -> SocketServer.Answer {
    let setting = request.target.split(separator: "?", maxSplits: 1).dropFirst().first.map(String.init) ?? ""
    let call = "\(request.method) \(setting)"
    calls.append(call)
    let scope = request.header("Authorization")?.split(separator: "/") ?? []
    if scope.count > 2 {
      regions.insert(String(scope[2]))
      if let region, scope[2] != region {
        let words = "<Code>AuthorizationHeaderMalformed</Code><Message>wrong</Message><Region>\(region)</Region>"
        return .text(400, request.method == "HEAD" ? "" : "<Error>\(words)</Error>", headers: Self.own)
      }
    }
    if let refusal, request.header(refusal.header) != nil { return refusal.answer }
    if let answer = nextAnswers.removeValue(forKey: call) ?? answers[call] { return answer }
    if setting.isEmpty, request.method == "PUT" { isThere = true }
    guard isThere else { return Self.error(404, "NoSuchBucket") }
    switch request.method {
    case "GET":
      if setting == "location" { return Self.page("<LocationConstraint></LocationConstraint>") }
      guard let document = documents[setting] else { return Self.error(404, Self.unset[setting] ?? "NoSuchKey") }
      return SocketServer.Answer(200, headers: Self.own, body: document)
    case "PUT":
      if !setting.isEmpty { documents[setting] = keepsRuleIDs ? request.body : withOwnIDs(request.body) }
      return SocketServer.Answer(200, headers: Self.own)
    default: return SocketServer.Answer(200, headers: Self.own)
    }
  }
}
