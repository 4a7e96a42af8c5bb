public import HTTPTransport
import Secrets
import Wire

/// The calls of Amazon S3, and of servers that speak it, that our jobs need.
///
/// Every try is signed when it is sent. A wrong region, a wrong clock and expired credentials are each put right once,
/// because the server refused the request and nothing happened; anything else is the caller's decision.
/// Every failure is a ``ProviderError`` of provider `s3`, that of a credential provider included.
public struct S3Client: Sendable {
  /// Where the buckets live.
  public let endpoint: S3Endpoint
  let transport: any HTTPTransport
  let credentials: any AWSCredentialProvider
  let clock: @Sendable () -> Int64
  let knowledge: S3Knowledge
  let conditions: S3Conditions
  let keys = SigningKeyCache()

  /// Creates a client.
  /// - Parameters:
  ///   - conditions: shared with other clients, so that they need not learn what this one did.
  ///   - clock: seconds since 1970.
  public init(
    transport: any HTTPTransport, credentials: any AWSCredentialProvider, endpoint: S3Endpoint,
    conditions: S3Conditions = S3Conditions(), clock: @escaping @Sendable () -> Int64
  ) {
    self.transport = transport
    self.credentials = credentials
    self.endpoint = endpoint
    self.clock = clock
    self.conditions = conditions
    knowledge = S3Knowledge()
  }

  /// The server's clock in its latest answer to this client, in seconds since 1970; nil when it told none. What is made
  /// after that answer is not older, however wrong our own clock is.
  public func serverTime() async -> Int64? { await knowledge.serverTime }

  /// Sends a call as it is and returns its answer of 200 to 299.
  func sendCorrected(_ call: S3Call) async throws -> HTTPResponse {
    var corrected: Set<Correction> = []
    var doubted: Set<Int> = []
    while true {
      let region = await region(for: call)
      let used = try await credentials(for: call)
      let sent = Circumstances(region: region, clockCorrection: await knowledge.clockCorrection, credentials: used)
      let response = try await exchange(call, region: region, credentials: used)
      if (200..<300).contains(response.status) {
        guard await isOwn(success: response, of: call) else {
          throw foreign(call, response, response.isPage ? "with a web page" : "without any sign of S3")
        }
        // A gateway may have said so and be gone. What the server itself says, it says again.
        if isAnybodys(response, to: call), doubted.insert(response.status).inserted { continue }
        return response
      }
      let answer = AWSErrorAnswer(response, method: call.method)
      if answer.isFromProvider {
        await knowledge.answeredAsItself(by: response, isToHead: call.isHead)
      } else {
        switch await giver(of: response, to: call, doubted: doubted) {
        case .server: break
        case .somebodyElse:
          let refusal = foreign(call, response, answer.message)
          // A server that names its refusals may not name those without a body.
          guard call.isHead, endpoint.ownBase != nil, await knowledge.hasAnsweredAsItself else { throw refusal }
          let reason = await reasoned(refusal, call, status: response.status)
          guard await sent != circumstances(of: call), corrected.insert(.reason).inserted else { throw reason }
          continue
        case .unclear:
          doubted.insert(response.status)
          continue
        }
      }
      var error = answer.providerError(
        provider: "s3", operation: call.operation, target: call.target, response: response, now: clock())
      let skew = skew(response, answer)
      if let skew {
        error.clockSkew = .seconds(skew)
        error.hint = Self.hint(skew: skew)
      }
      let suggested = correction(response, answer, skew: skew, call, used, region: region)
      guard let correction = suggested, !corrected.contains(correction) else {
        guard call.isHead else { throw error }
        let reason = await reasoned(error, call, status: response.status)
        // An answer without a body names no region, no clock and no session that has ended. That of the bucket's location
        // did, and was made again with what is right.
        guard await sent != circumstances(of: call), corrected.insert(.reason).inserted else { throw reason }
        continue
      }
      corrected.insert(correction)
      switch correction {
      case .reason: break
      case .clock: await knowledge.correctClock(by: skew ?? 0)
      case .credentials: await credentials.invalidate(used)
      case .region:
        guard let home = try await homeRegion(response, answer, call), home != region else { throw error }
        await knowledge.remember(region: home, of: call.bucket)
      }
    }
  }

  /// The refusal of a HEAD with the reason that only an answer with a body can name: unknown credentials look the same
  /// as a missing permission. A read of the bucket's location is refused for the same credentials.
  private func reasoned(_ refusal: ProviderError, _ call: S3Call, status: Int) async -> ProviderError {
    guard status == 403 || status == 400 else { return refusal }
    do {
      _ = try await send(.get("GetBucketLocation", call.bucket, "location"))
    } catch let error as ProviderError where error.code.map(AWSErrorAnswer.refusesIdentity) == true {
      var named = refusal
      (named.status, named.code, named.message) = (error.status, error.code, error.message)
      (named.hint, named.clockSkew, named.requestID) = (error.hint, error.clockSkew, error.requestID)
      named.isFromProvider = error.isFromProvider
      return named
    } catch {
      // It tells no more than the HEAD did.
    }
    return refusal
  }

  private enum Correction {
    case clock, credentials, region
    /// Whatever a read that tells its reasons put right.
    case reason
  }

  /// What a request is signed with.
  private struct Circumstances: Equatable {
    var region: String
    var clockCorrection: Int64
    /// Nil when there are none to be had.
    var credentials: AWSCredentials?
  }

  /// As they are now.
  private func circumstances(of call: S3Call) async -> Circumstances {
    Circumstances(
      region: await region(for: call), clockCorrection: await knowledge.clockCorrection,
      credentials: try? await credentials(for: call))
  }

  private func credentials(for call: S3Call) async throws -> AWSCredentials {
    do {
      return try await HTTPExchange.$fetchesCredentials.withValue(true) { try await credentials.credentials() }
    } catch {
      throw ProviderError(provider: "s3", operation: call.operation, target: call.target, credentials: error)
    }
  }

  private func region(for call: S3Call) async -> String {
    if let fixed = call.fixedRegion { return fixed }
    return await knowledge.region(of: call.bucket) ?? endpoint.region
  }

  private func correction(
    _ response: HTTPResponse, _ answer: AWSErrorAnswer, skew: Int64?, _ call: S3Call, _ used: AWSCredentials,
    region: String
  ) -> Correction? {
    if skew != nil { return .clock }
    if answer.meansStaleCredentials { return .credentials }
    guard call.fixedRegion == nil else { return nil }
    if [301, 307, 308].contains(response.status) { return .region }
    if response.status == 400 {
      let codes = ["AuthorizationHeaderMalformed", "IllegalLocationConstraintException", "IllegalLocationConstraint"]
      if codes.contains(answer.code) { return .region }
      if call.isHead {
        // A bare 400 hides its code: another region says so in a header, else the session may have ended.
        if let home = response.header("x-amz-bucket-region"), home != region { return .region }
        if used.sessionToken != nil { return .credentials }
      }
    }
    return nil
  }

  /// How far S3's clock is ahead of the one we sign with, when that is why it refused.
  private func skew(_ response: HTTPResponse, _ answer: AWSErrorAnswer) -> Int64? {
    guard let time = response.header("date").flatMap(HTTPDate.seconds) ?? answer.serverTime else { return nil }
    let skew = time - clock()
    if answer.code == "RequestTimeTooSkewed" || answer.code == "RequestExpired" { return skew }
    // HEAD hides the code; S3 allows 15 minutes.
    return response.status == 403 && response.body.isEmpty && abs(skew) > 900 ? skew : nil
  }

  private static func hint(skew: Int64) -> String {
    abs(skew) > 300
      ? "this machine's clock is \(abs(skew)) s \(skew > 0 ? "behind" : "ahead of") S3's: check its NTP"
      : "the clocks agree, so the request was signed long before it arrived: check for a stalled connection"
  }

  /// The bucket's region as the answer names it, or else as a HeadBucket does.
  private func homeRegion(_ response: HTTPResponse, _ answer: AWSErrorAnswer, _ call: S3Call) async throws -> String? {
    if let region = response.header("x-amz-bucket-region") ?? answer.region {
      return endpoint.canHave(region: region) ? region : nil
    }
    guard !call.isHead else { return nil }
    // HeadBucket names the region whatever the permissions, so its status does not matter.
    let head = S3Call(operation: "HeadBucket", method: "HEAD", bucket: call.bucket)
    let used = try await credentials(for: call)
    let region = try await exchange(head, region: endpoint.region, credentials: used).header("x-amz-bucket-region")
    return region.flatMap { endpoint.canHave(region: $0) ? $0 : nil }
  }

  private func exchange(_ call: S3Call, region: String, credentials: AWSCredentials) async throws -> HTTPResponse {
    let hash: String
    do {
      hash = try await call.payloadHash(isSecure: endpoint.isSecure)
    } catch let error as FileDigestError {
      throw ProviderError(
        provider: "s3", operation: call.operation, target: call.target, code: "file",
        message: "\(error.path): \(error.cause)", delivery: .notSent)
    }
    let time = InternetTime.basic(clock() + (await knowledge.clockCorrection))
    let url = call.url(endpoint: endpoint, region: region)
    let headers = await keys.signed(
      SigV4.Request(
        method: call.method, url: url, headers: call.headers + [("X-Amz-Content-Sha256", hash)], payloadHash: hash),
      with: credentials, scope: SigV4.Scope(time: time, region: region, service: "s3"))
    do {
      let response = try await transport.send(
        HTTPRequest(
          method: call.method, url: url, headers: headers, body: call.body, sink: .memory(limit: call.limit),
          timeouts: call.timeouts, actsOnce: call.actsOnce, shownQuery: call.subresource,
          secrets: credentials.secrets))
      if let time = response.header("date").flatMap(HTTPDate.seconds) { await knowledge.remember(serverTime: time) }
      return response
    } catch {
      throw ProviderError(
        provider: "s3", operation: call.operation, target: call.target, transport: error, isRead: call.isRead)
    }
  }

  /// Sends a call and reads the XML of its answer, whose root is one of `roots`: a proxy's page is not an empty list.
  func document(_ call: S3Call, roots: String...) async throws -> (root: XMLElement, response: HTTPResponse) {
    let response = try await send(call.answeredWithDocument)
    let root: XMLElement
    do {
      root = try XMLReader.read(response.body)
    } catch {
      throw await notOurs(call, response, cause: "\(error.cause) at byte \(error.offset)")
    }
    guard roots.contains(root.name) else {
      throw await notOurs(call, response, cause: "<\(response.redactor.redact(root.name).prefix(60))>")
    }
    await knowledge.answeredAsItself(by: response)
    return (root, response)
  }

  /// The error of a success that is not the document that was asked for: somebody else's, unless the server shows itself.
  func notOurs(_ call: S3Call, _ response: HTTPResponse, cause: String) async -> ProviderError {
    let error =
      await isItself(call, response) ? unreadable(call, response, cause: cause) : foreign(call, response, cause)
    AnswerJudgement.observer?(error)
    return error
  }

  /// Whether a success is the server's own: by S3's fields in its head, or because the server shows itself.
  func isItself(_ call: S3Call, _ response: HTTPResponse) async -> Bool {
    if response.isOfS3 { return true }
    return await answersAsItself(call)
  }

  /// The error of what somebody else said.
  func foreign(_ call: S3Call, _ response: HTTPResponse, _ message: String) -> ProviderError {
    ProviderError.foreign(
      provider: "s3", operation: call.operation, target: call.target, response: response, isWrite: !call.isRead,
      says: message, retryAfter: AWSErrorAnswer.retryAfter(response, now: clock()))
  }

  /// Whether a success is S3's own: by its fields in the head, by its document, which the caller reads, or by the ETag of
  /// the object that it is about. Whatever else calls itself one, such as the empty answer of a captive portal, must come
  /// from a server of one's own that never writes such fields.
  private func isOwn(success response: HTTPResponse, of call: S3Call) async -> Bool {
    if response.isOfS3 {
      await knowledge.answeredAsItself(by: response, isToHead: call.isHead)
      return true
    }
    if response.hasPageBody { return false }
    if endpoint.ownBase != nil, isAnybodys(response, to: call) {
      // After a write nobody knows, and the next attempt looks.
      guard call.isRead, await answersAsItself(call, anew: true) else { return false }
      if call.answersWithDocument { return true }
      return await knowledge.mayBeUnnamed(success: response)
    }
    if call.answersWithDocument, !response.isPage { return true }
    guard endpoint.ownBase != nil else { return false }
    // Some servers call all their answers pages in the head, so that nothing in it counts.
    if call.key != nil, response.hasTag, !response.isPage { return true }
    guard await answersAsItself(call) else { return false }
    return await knowledge.mayBeUnnamed(success: response)
  }

  /// Whether a success of a server of one's own has nothing that only S3 writes, neither in its head nor in its body: a
  /// portal's would look the same. What a write without a word did is seen afterwards.
  private func isAnybodys(_ response: HTTPResponse, to call: S3Call) -> Bool {
    if response.isOfS3 || endpoint.ownBase == nil { return false }
    if call.isHead { return !response.hasTag }
    if call.answersWithDocument { return !response.isDocument(orPolicy: call.subresource == "policy") }
    if call.isRead { return call.key != nil && !response.hasTag }
    return !response.body.isEmpty && !response.isDocument(orPolicy: false)
  }

  /// Who gave an answer that is not a success.
  private enum Giver {
    case server, somebodyElse
    /// A gateway may have given it and be gone: worth asking once more.
    case unclear
  }

  /// Who gave a refusal that is not in S3's words: nobody but a server of one's own that shows itself to an ordinary
  /// call. That one is asked a moment later, and the gateway may have gone between the two.
  private func giver(of response: HTTPResponse, to call: S3Call, doubted: Set<Int>) async -> Giver {
    // Who redirects without S3's words is in between, however well the server itself can be asked.
    if (300..<400).contains(response.status) { return .somebodyElse }
    let isWordless = response.body.isEmpty
    // What a server refuses to write, and why it is in trouble, it says in its own words or in none. To a read some leave
    // what they do not know to the web server in front of them, which words it as gateways do.
    if !isWordless, !call.isRead || ![400, 404, 405, 501].contains(response.status) { return .somebodyElse }
    // That there is no such object is what a look is for. Any other refusal would end the job.
    guard await answersAsItself(call, anew: response.status != 404) else { return .somebodyElse }
    let isNameMissing = await knowledge.namesItsAnswers && !response.isNamedByS3
    // A text for one sub-resource alone would make its setting look unknown.
    if isNameMissing, !isWordless || !call.isRead { return .somebodyElse }
    // A server may name its answers with a body only; one that named an answer to a HEAD names them all.
    if isNameMissing, call.isHead, response.status != 404, await knowledge.namesHeads { return .somebodyElse }
    // The server says the same when it is asked again. Who says something else each time is not one alone.
    let isDoubtful = isNameMissing || !isWordless || call.isHead && response.status != 404
    if !isDoubtful || doubted.contains(response.status) { return .server }
    return doubted.count < 3 ? .unclear : .somebodyElse
  }

  /// Whether a server of one's own, which may not write all that S3 does into its answers, is there and not a gateway: it
  /// has answered as itself in this client's life, which is one attempt of a job, or does so to an ordinary call.
  ///
  /// An answer with a body could have said who gave it, and so could any of a server that names its answers: such a one
  /// is asked again.
  private func answersAsItself(_ call: S3Call, anew: Bool = false) async -> Bool {
    guard endpoint.ownBase != nil else { return false }
    if call.isHead, !anew, await knowledge.hasAnsweredAsItself, await !knowledge.namesItsAnswers { return true }
    let location = S3Call.get("GetBucketLocation", call.bucket, "location")
    guard let used = try? await credentials(for: location),
      let response = try? await exchange(location, region: endpoint.region, credentials: used),
      let root = try? XMLReader.read(response.body)
    else { return false }
    let isItself = ["LocationConstraint", "ListBucketResult"].contains(root.name) || AWSErrorAnswer.isEnvelope(root)
    if isItself { await knowledge.answeredAsItself(by: response) }
    return isItself
  }

  func unreadable(_ call: S3Call, _ response: HTTPResponse, cause: String) -> ProviderError {
    ProviderError(
      provider: "s3", operation: call.operation, target: call.target, status: response.status,
      code: "UnreadableAnswer", message: "the response is not S3's XML: \(cause)",
      requestID: response.header("x-amz-request-id"), delivery: call.isRead ? .refused : .unknown,
      hint: "check that the endpoint is an S3 server and that no proxy answers in its place"
    ).redacted(by: response.redactor)
  }
}

extension HTTPResponse {
  /// Whether S3's own fields are in its head.
  var isOfS3: Bool { headers.contains { $0.name.lowercased().hasPrefix("x-amz-") } }

  /// Whether it tells the entity tag of an object.
  fileprivate var hasTag: Bool { header("etag")?.contains { $0 != "\"" } == true }

  /// Whether its body begins as XML does, or is a bucket's policy.
  fileprivate func isDocument(orPolicy: Bool) -> Bool {
    let start = body.first { $0 != 0x20 && !(0x09...0x0d).contains($0) && ![0xEF, 0xBB, 0xBF].contains($0) }
    if start == UInt8(ascii: "<") { return !hasPageBody }
    return orPolicy && String(decoding: body, as: UTF8.self).contains(#""Statement""#)
  }

  /// Whether it carries the id that S3 gives to each answer.
  var isNamedByS3: Bool { header("x-amz-request-id") != nil }
}
