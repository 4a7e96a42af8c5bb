import HTTPTransport
import Secrets

extension SigningKeyCache {
  /// The header fields of a request with its signature; those that carry a secret are marked.
  func signed(
    _ request: SigV4.Request, with credentials: AWSCredentials, scope: SigV4.Scope
  ) -> [HTTPHeader] {
    var covered = request
    covered.headers.append(("X-Amz-Date", scope.time))
    var headers = covered.headers.map { HTTPHeader($0.name, $0.value) }
    if let token = credentials.sessionToken {
      covered.headers.append(("X-Amz-Security-Token", token.reveal()))
      headers.append(HTTPHeader("X-Amz-Security-Token", secret: token))
    }
    let authorization = SigV4.authorization(
      covered, accessKeyID: credentials.accessKeyID, key: key(secret: credentials.secretAccessKey, scope: scope),
      scope: scope)
    return headers + [HTTPHeader("Authorization", secret: Secret(authorization))]
  }
}
