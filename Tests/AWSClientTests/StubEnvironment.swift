import AWSClient
import FoundationEssentials
import HTTPTransport

/// What every test of a credential source starts from: variables, files by path, and stubs in the network's place.
struct StubEnvironment {
  var variables: [String: String] = [:]
  var files: [String: String] = [:]
  /// Answers for STS.
  var transport = StubTransport(answers: [.text(500)])
  /// Answers for the container agent and the instance metadata; nobody answers unless said.
  var localTransport = StubTransport { _, _ in
    .failure(HTTPTransportError(code: .connectTimeout, delivery: .notSent, target: "x", cause: "nobody answered"))
  }

  /// 2026-11-21T00:00:00Z.
  static let now: Int64 = 1_795_219_200

  var environment: AWSEnvironment {
    let files = files
    return AWSEnvironment(
      variables: variables, home: "/home/u",
      file: { path, limit in
        guard let text = files[path] else { return nil }
        if text == "(locked)" { throw CocoaError(.fileReadNoPermission) }
        return Array(text.utf8.prefix(limit))
      }, now: { Self.now }, transport: transport, localTransport: localTransport, pause: { _ in })
  }

  func credentials(profile: String? = nil) async throws -> AWSCredentials {
    try await DefaultCredentialChain(environment, profile: profile).credentials()
  }
}

/// STS' answer to an assumption of a role.
func stsAnswer(_ action: String, id: String = "ASIA1") -> HTTPResponse {
  .text(
    200,
    "<\(action)Response xmlns='https://sts.amazonaws.com/doc/2011-06-15/'><\(action)Result><Credentials>"
      + "<AccessKeyId>\(id)</AccessKeyId><SecretAccessKey>made</SecretAccessKey><SessionToken>tok</SessionToken>"
      + "<Expiration>2026-11-21T01:00:00Z</Expiration></Credentials></\(action)Result></\(action)Response>")
}

/// STS' error document.
func stsError(_ status: Int, _ code: String, _ message: String = "m", _ headers: [String: String] = [:]) -> HTTPResponse
{
  .text(
    status,
    "<ErrorResponse><Error><Type>Sender</Type><Code>\(code)</Code><Message>\(message)</Message></Error>"
      + "<RequestId>r2</RequestId></ErrorResponse>", headers)
}

extension HTTPRequest {
  /// The fields of a form body, decoded.
  var form: [String: String] {
    let pairs = text.split(separator: "&").map { pair in
      pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map {
        decoded($0)
      }
    }
    return Dictionary(pairs.map { ($0[0], $0.count > 1 ? $0[1] : "") }) { $1 }
  }
}

private func decoded(_ text: Substring) -> String {
  var bytes: [UInt8] = []
  var rest = Array(text.utf8)[...]
  while let byte = rest.popFirst() {
    if byte == UInt8(ascii: "%"), let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) {
      bytes.append(value)
      rest = rest.dropFirst(2)
    } else {
      bytes.append(byte)
    }
  }
  return String(decoding: bytes, as: UTF8.self)
}
