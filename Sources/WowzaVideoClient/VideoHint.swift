/// What an operator can do about an error of Wowza Video. Matched by code: the specified texts contain typos.
package enum VideoHint {
  static let invalidSignature = "ERR-401-InvalidSignature"
  static let notFound = "ERR-404-RecordNotFound"
  static let deleted = "ERR-410-RecordDeleted"
  /// The maximum difference, in seconds, of a signing client's clock.
  static let clockTolerance: Int64 = 15

  package static func hint(status: Int, code: String?) -> String? {
    switch code {
    case "ERR-401-ExpiredToken": "create a new token on the account's token page; tokens cannot be renewed"
    case "ERR-401-InvalidToken": "check the token"
    case "ERR-401-NoApiKey", "ERR-401-NoAccessKey":
      "check that the connection's authentication fits its version: keys up to v1.8, a token from v1.8"
    case "ERR-401-InvalidApiKey", "ERR-401-InvalidAccessKey", "ERR-401-InvalidKeyLength":
      "check the API key and the access key; each has 64 characters"
    case invalidSignature: "check the API key and this machine's clock"
    case "ERR-401-FeatureNotEnabled": "the account's license does not include this feature"
    case "ERR-401-BadAccountStatus", "ERR-401-TrialExceeded": "the account's state or billing forbids it"
    case "ERR-422-NotAvailable": "the asset is still being processed"
    default:
      switch status {
      case 300..<400: "redirects are not followed: check the connection's URL"
      case 404 where code == nil: "this is not a response from Wowza Video: check the connection's URL and version"
      case 409: "an account may create 10 live streams in 3 hours"
      default: nil
      }
    }
  }
}
