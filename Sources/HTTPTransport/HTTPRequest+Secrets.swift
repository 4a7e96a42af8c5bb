public import Secrets

extension HTTPRequest {
  /// Takes the request's secrets out of whatever is told of its answer.
  public var redactor: Redactor { Redactor(lastingSecrets + passingSecrets) }

  /// Those that serve for other requests too.
  var lastingSecrets: [Secret] {
    guard let authentication else { return secrets }
    let pair = "\(authentication.user.reveal()):\(authentication.password.reveal())"
    return secrets + [authentication.user, authentication.password, Secret(pair)]
  }

  /// What the header carries of secrets, the signature of this request above all.
  var passingSecrets: [Secret] {
    headers.flatMap { header -> [Secret] in
      guard case .secret(let value) = header.value else { return [] }
      return Self.parts(of: value)
    }
  }

  /// The value, and what stands in it: the token behind `Bearer`, the signature of an `Authorization` of AWS.
  private static func parts(of value: Secret) -> [Secret] {
    let text = value.reveal()
    let words = text.split { $0 == " " || $0 == "," }.flatMap { [$0] + $0.split(separator: "=", maxSplits: 1) }
    // The name of a scheme or a list of signed headers is none.
    return [value] + words.filter { $0.utf8.count >= 20 && !$0.contains(";") }.map { Secret(String($0)) }
  }
}
