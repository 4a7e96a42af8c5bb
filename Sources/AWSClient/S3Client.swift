public import HTTPTransport
import Secrets
import Wire

/// The calls of Amazon S3, and of compatible servers, that our jobs need.
///
/// Every try is signed when it is sent. A wrong region, a wrong clock and expired credentials are each corrected once,
/// because the server refused the request and nothing happened; anything else is for the caller to decide. Every
/// failure is a ``ProviderError`` of provider `s3`, including those of a credential provider.
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
  ///   - conditions: shared with other clients, so that they need not learn the same again.
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

  /// The server's clock in its latest answer to this client, in seconds since 1970; nil if no answer gave it. Whatever
  /// is created after that answer is not older, however wrong our own clock is.
  public func serverTime() async -> Int64? { await knowledge.serverTime }

  /// Sends a call unchanged and returns its answer, with a status of 200 to 299.
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
        // It may come from a gateway that is gone by now. The server itself would answer the same again.
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
          // A server that puts its id on its refusals may not do so on those without a body.
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
        // An answer without a body names no region, no clock and no expired session. The answer about the bucket's
        // location did, and that call was repeated with the corrected values.
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

  /// The refusal of a HEAD, with the reason that only an answer with a body can name: otherwise, unknown credentials
  /// look the same as a missing permission. A read of the bucket's location is refused for the same credentials.
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
      // It says no more than the HEAD did.
    }
    return refusal
  }

  private enum Correction {
    case clock, credentials, region
    /// Corrects whatever a read that names its reasons can correct.
    case reason
  }

  /// What a request is signed with.
  private struct Circumstances: Equatable {
    var region: String
    var clockCorrection: Int64
    /// Nil if there are none.
    var credentials: AWSCredentials?
  }

  /// The current ones.
  private func circumstances(of call: S3Call) async -> Circumstances {
    Circumstances(
      region: await region(for: call), clockCorrection: await knowledge.clockCorrection,
      credentials: try? await credentials(for: call))
  }

  func credentials(for call: S3Call) async throws -> AWSCredentials {
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
        // A bare 400 hides its code: if the region is wrong, a header says so; otherwise the session may have expired.
        if let home = response.header("x-amz-bucket-region"), home != region { return .region }
        if used.sessionToken != nil { return .credentials }
      }
    }
    return nil
  }

  /// How far S3's clock is ahead of the one we sign with, if that is why it refused.
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

  /// The bucket's region as the answer names it, otherwise as a HeadBucket does.
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

  func exchange(_ call: S3Call, region: String, credentials: AWSCredentials) async throws -> HTTPResponse {
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
}
