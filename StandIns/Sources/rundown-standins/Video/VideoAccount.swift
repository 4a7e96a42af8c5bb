import Crypto
import FoundationEssentials

/// The credentials that the stand-in accepts, and the check of a request against them.
struct VideoAccount: Sendable {
  /// Opaque here: only a real server looks inside a JWT.
  var token = "standin-token"
  var expiredToken = "standin-expired-token"
  var apiKey = String(repeating: "0123456789abcdef", count: 4)
  var accessKey = String(repeating: "fedcba9876543210", count: 4)

  /// Length of both keys.
  static let keyLength = 64
  /// The maximum difference, in seconds, of a signing client's clock.
  static let clockTolerance = 15

  /// Throws the same 401 as a real server.
  func check(_ request: Request, version: VideoVersion, now: Date) throws(VideoError) {
    if version.takesBearer, let header = request.header("Authorization"), header.hasPrefix("Bearer ") {
      let given = header.dropFirst("Bearer ".count)
      if given == expiredToken { throw .unauthorized("ERR-401-ExpiredToken") }
      guard given == token else { throw .unauthorized("ERR-401-InvalidToken") }
      return
    }
    // Without a bearer, every version answers as if a key were missing, even those that do not accept keys.
    guard version.takesKeys else { throw .unauthorized("ERR-401-NoApiKey") }
    let signature = request.header("wsc-signature")
    let givenKey = request.header("wsc-api-key")
    guard givenKey != nil || signature != nil else { throw .unauthorized("ERR-401-NoApiKey") }
    guard let givenAccess = request.header("wsc-access-key") else { throw .unauthorized("ERR-401-NoAccessKey") }
    guard givenAccess.count == Self.keyLength, (givenKey?.count ?? Self.keyLength) == Self.keyLength else {
      throw .unauthorized("ERR-401-InvalidKeyLength")
    }
    guard givenAccess == accessKey else { throw .unauthorized("ERR-401-InvalidAccessKey") }
    if let signature {
      guard let stamp = request.header("wsc-timestamp"), let seconds = Int(stamp),
        abs(now.timeIntervalSince1970 - Double(seconds)) <= Double(Self.clockTolerance),
        signature == Self.signature(timestamp: stamp, path: request.path, apiKey: apiKey)
      else { throw .unauthorized("ERR-401-InvalidSignature") }
    } else if givenKey != apiKey {
      throw .unauthorized("ERR-401-InvalidApiKey")
    }
  }

  /// Lower-case hex of HMAC-SHA256 over `{timestamp}:{path}:{api key}`; the path without a trailing slash.
  static func signature(timestamp: String, path: String, apiKey: String) -> String {
    var path = path
    while path.hasSuffix("/") { path.removeLast() }
    let code = HMAC<SHA256>.authenticationCode(
      for: Data("\(timestamp):\(path):\(apiKey)".utf8), using: SymmetricKey(data: Data(apiKey.utf8)))
    return code.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
