public import Secrets

extension HTTPRequest {
  /// Removes the request's secrets from anything that is shown of its answer.
  public var redactor: Redactor { Redactor(lastingSecrets + passingSecrets) }

  /// Secrets that are also used for other requests.
  var lastingSecrets: [Secret] {
    guard let authentication else { return secrets }
    let pair = "\(authentication.user.reveal()):\(authentication.password.reveal())"
    return secrets + [authentication.user, authentication.password, Secret(pair)]
  }

  /// The secrets in the header, above all the signature of this request.
  var passingSecrets: [Secret] {
    headers.flatMap { header -> [Secret] in
      guard case .secret(let value) = header.value else { return [] }
      return Self.parts(of: value)
    }
  }

  /// The value and its parts: the token after `Bearer`, the signature of an `Authorization` for AWS.
  private static func parts(of value: Secret) -> [Secret] {
    let text = value.reveal()
    let words = text.split { $0 == " " || $0 == "," }.flatMap { [$0] + $0.split(separator: "=", maxSplits: 1) }
    // The name of a scheme or a list of signed headers is not a secret.
    return [value] + words.filter { $0.utf8.count >= 20 && !$0.contains(";") }.map { Secret(String($0)) }
  }
}
