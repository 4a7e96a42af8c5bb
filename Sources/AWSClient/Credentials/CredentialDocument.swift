import FoundationEssentials
import Wire

/// The JSON in which the container agent and the instance metadata service hand out credentials.
struct CredentialDocument: Decodable {
  /// `Success`, if it is present.
  var code: String?
  var accessKeyID: String
  var secretAccessKey: String
  var token: String
  var expiration: String

  enum CodingKeys: String, CodingKey {
    case code = "Code"
    case accessKeyID = "AccessKeyId"
    case secretAccessKey = "SecretAccessKey"
    case token = "Token"
    case expiration = "Expiration"
  }

  static let largest = 64 << 10

  /// The credentials in an answer of `source`.
  static func credentials(_ bytes: [UInt8], source: String) throws(AWSCredentialError) -> AWSCredentials {
    // The decoder's own error could quote the document, which holds the secret.
    guard let document = try? JSONDecoder().decode(CredentialDocument.self, from: Data(bytes)),
      document.code ?? "Success" == "Success", let expiration = InternetTime.seconds(document.expiration)
    else {
      throw AWSCredentialError(
        code: .invalid, cause: "\(source) returned no usable credentials",
        hint: "check the role attached to this container or machine")
    }
    return try AWSCredentials(
      source, names: ("AccessKeyId", "SecretAccessKey", "Token"), id: document.accessKeyID,
      key: document.secretAccessKey, token: document.token, expiration: expiration)
  }
}
