public import HTTPTransport
public import Secrets
import Wire

/// The calls of AWS STS that return credentials or their owner.
///
/// None of them changes anything at AWS, so each may be repeated. Expired credentials and a wrong clock are each
/// corrected once. Every failure is a ``ProviderError`` of provider `sts`.
public struct STSClient: Sendable {
  /// The endpoint of STS.
  public let endpoint: STSEndpoint
  let clock: @Sendable () -> Int64
  private let transport: any HTTPTransport
  private let keys = SigningKeyCache()

  /// Creates a client.
  /// - Parameter clock: seconds since 1970.
  public init(transport: any HTTPTransport, endpoint: STSEndpoint, clock: @escaping @Sendable () -> Int64) {
    self.transport = transport
    self.endpoint = endpoint
    self.clock = clock
  }

  /// Temporary credentials of a role.
  /// - Parameters:
  ///   - sessionName: shown in AWS' logs; see ``AWSSessionName``.
  ///   - duration: seconds, 900 to 43,200; at most 3,600 if `credentials` are themselves a role's.
  public func assumeRole(
    _ arn: String, sessionName: String, externalID: String? = nil, duration: Int = 3600,
    using credentials: any AWSCredentialProvider
  ) async throws -> AWSCredentials {
    var call = STSCall(action: "AssumeRole", target: arn)
    call.fields = [
      ("RoleArn", arn), ("RoleSessionName", AWSSessionName.wellFormed(sessionName)),
      ("DurationSeconds", String(duration)),
    ]
    if let externalID { call.fields.append(("ExternalId", externalID)) }
    return try await credentialsOf(call, signedWith: credentials)
  }

  /// Temporary credentials of a role for the bearer of a token that an identity provider signed.
  public func assumeRoleWithWebIdentity(
    _ arn: String, sessionName: String, token: Secret, duration: Int = 3600
  ) async throws -> AWSCredentials {
    var call = STSCall(action: "AssumeRoleWithWebIdentity", target: arn)
    call.fields = [
      ("RoleArn", arn), ("RoleSessionName", AWSSessionName.wellFormed(sessionName)),
      ("DurationSeconds", String(duration)), ("WebIdentityToken", token.reveal()),
    ]
    call.hidden = [token]
    return try await credentialsOf(call, signedWith: nil)
  }

  /// The owner of these credentials; needs no permission.
  public func callerIdentity(using credentials: any AWSCredentialProvider) async throws -> AWSCallerIdentity {
    let call = STSCall(action: "GetCallerIdentity", target: endpoint.region)
    let (result, response) = try await result(of: call, signedWith: credentials)
    guard let account = result.value("Account"), let arn = result.value("Arn"), let user = result.value("UserId") else {
      throw unreadable(call, response, cause: "no Account, Arn or UserId")
    }
    return AWSCallerIdentity(account: account, arn: arn, userID: user)
  }

  private func credentialsOf(
    _ call: STSCall, signedWith provider: (any AWSCredentialProvider)?
  ) async throws -> AWSCredentials {
    let (result, response) = try await result(of: call, signedWith: provider)
    guard let given = result.child("Credentials"), let id = given.value("AccessKeyId"),
      let secret = given.value("SecretAccessKey"), let token = given.value("SessionToken"),
      let expiration = given.value("Expiration").flatMap(InternetTime.seconds)
    else { throw unreadable(call, response, cause: "no complete Credentials") }
    return try AWSCredentials(
      "STS", names: ("AccessKeyId", "SecretAccessKey", "SessionToken"), id: id, key: secret, token: token,
      expiration: expiration)
  }

  private func result(
    of call: STSCall, signedWith provider: (any AWSCredentialProvider)?
  ) async throws -> (XMLElement, HTTPResponse) {
    var clockCorrection: Int64 = 0
    var wasRenewed = false
    while true {
      let used: AWSCredentials?
      do {
        used = try await provider?.credentials()
      } catch {
        throw ProviderError(provider: "sts", operation: call.action, target: call.target, credentials: error)
      }
      let response = try await exchange(call, used, clockCorrection: clockCorrection)
      if (200..<300).contains(response.status) { return try result(of: call, response) }
      var answer = AWSErrorAnswer(response, method: "POST")
      answer.isWrite = false
      var error = answer.providerError(
        provider: "sts", operation: call.action, target: call.target, response: response, now: clock())
      error.clockSkew = used == nil ? nil : skew(response, answer)
      if let skew = error.clockSkew?.components.seconds {
        error.hint = "this machine's clock is \(abs(skew)) s \(skew > 0 ? "behind" : "ahead of") AWS': check its NTP"
        guard clockCorrection == 0 else { throw error }
        clockCorrection = skew
      } else if let used, let provider, answer.meansStaleCredentials, !wasRenewed {
        await provider.invalidate(used)
        wasRenewed = true
      } else {
        throw error
      }
    }
  }

  /// How far AWS' clock is ahead of ours, if that is why it refused: five minutes are allowed.
  private func skew(_ response: HTTPResponse, _ answer: AWSErrorAnswer) -> Duration? {
    guard ["SignatureDoesNotMatch", "RequestExpired", "RequestTimeTooSkewed"].contains(answer.code),
      let time = response.header("date").flatMap(HTTPDate.seconds), abs(time - clock()) > 300
    else { return nil }
    return .seconds(time - clock())
  }

  private func exchange(
    _ call: STSCall, _ credentials: AWSCredentials?, clockCorrection: Int64
  ) async throws -> HTTPResponse {
    let body = PercentEncoding.form([("Action", call.action), ("Version", "2011-06-15")] + call.fields)
    let type = (name: "Content-Type", value: "application/x-www-form-urlencoded; charset=utf-8")
    var headers = [HTTPHeader(type.name, type.value)]
    if let credentials {
      let time = InternetTime.basic(clock() + clockCorrection)
      headers = await keys.signed(
        SigV4.Request(method: "POST", url: endpoint.url, headers: [type], payloadHash: Digests.sha256Hex(body)),
        with: credentials, scope: SigV4.Scope(time: time, region: endpoint.region, service: "sts"))
    }
    do {
      return try await transport.send(
        HTTPRequest(
          method: "POST", url: endpoint.url, headers: headers, body: .bytes(body), sink: .memory(limit: 1 << 20),
          secrets: call.hidden + (credentials?.secrets ?? [])))
    } catch {
      throw ProviderError(
        provider: "sts", operation: call.action, target: call.target, transport: error, isRead: true)
    }
  }

  private func result(of call: STSCall, _ response: HTTPResponse) throws(ProviderError) -> (XMLElement, HTTPResponse) {
    let root: XMLElement
    do {
      root = try XMLReader.read(response.body)
    } catch {
      throw unreadable(call, response, cause: "\(error.cause) at byte \(error.offset)")
    }
    guard let result = root.child("\(call.action)Result") else {
      throw unreadable(call, response, cause: "<\(response.redactor.redact(root.name).prefix(60))> without a result")
    }
    return (result, response)
  }

  private func unreadable(_ call: STSCall, _ response: HTTPResponse, cause: String) -> ProviderError {
    ProviderError(
      provider: "sts", operation: call.action, target: call.target, status: response.status, code: "UnreadableAnswer",
      message: "the response is not the XML of STS: \(cause)", requestID: response.header("x-amzn-requestid"),
      delivery: .refused, hint: "check that the endpoint is STS and that no proxy answers in its place"
    ).redacted(by: response.redactor)
  }
}

/// The owner of the credentials that signed a request.
public struct AWSCallerIdentity: Sendable, Hashable {
  /// The account's twelve digits.
  public var account: String
  /// The user or the role's session.
  public var arn: String
  /// The unique id of the user or session.
  public var userID: String
}

/// One call of STS before it is signed.
private struct STSCall {
  var action: String
  var target: String
  var fields: [(name: String, value: String)] = []
  /// Values that were sent and must not appear in a message.
  var hidden: [Secret] = []
}
