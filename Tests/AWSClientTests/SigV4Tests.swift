import FoundationEssentials
import Secrets
import Testing

@testable import AWSClient

struct SigningVectors: Decodable {
  struct Vector: Decodable, CustomStringConvertible, Sendable {
    var name, method, url, region, service, body: String
    var session_token: String?
    var headers: [String: String]
    var canonical_request, string_to_sign: String
    var description: String { name }
  }
  var access_key, secret_key, date: String
  var vectors: [Vector]

  static func load() throws -> SigningVectors {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/sigv4-vectors.json")
    return try JSONDecoder().decode(SigningVectors.self, from: Data(contentsOf: file))
  }
}

@Suite struct SigV4Tests {
  @Test("Every recorded request gets its recorded canonical request, string to sign and signature")
  func vectors() throws {
    let recorded = try SigningVectors.load()
    #expect(recorded.vectors.count == 14)
    for vector in recorded.vectors {
      let hash = vector.headers["X-Amz-Content-SHA256"] ?? Digests.sha256Hex(Array(vector.body.utf8))
      let request = SigV4.Request(
        method: vector.method, url: vector.url,
        headers: vector.headers.filter { $0.key != "Authorization" }.map { ($0.key, $0.value) }, payloadHash: hash)
      let scope = SigV4.Scope(time: recorded.date, region: vector.region, service: vector.service)
      let canonical = SigV4.canonicalRequest(request).text
      #expect(canonical == vector.canonical_request, "\(vector.name)")
      #expect(
        SigV4.stringToSign(canonicalRequest: canonical, scope: scope) == vector.string_to_sign, "\(vector.name)")
      let key = SigV4.signingKey(secret: Secret(recorded.secret_key), scope: scope)
      let value = SigV4.authorization(request, accessKeyID: recorded.access_key, key: key, scope: scope)
      #expect(value == vector.headers["Authorization"], "\(vector.name)")
    }
  }

  @Test(
    "a port is signed as it is sent: HTTP clients leave the scheme's own out",
    arguments: [
      ("https://s3.example.com:443/b/k?x=1", "s3.example.com"), ("http://minio:80/b", "minio"),
      ("HTTP://minio:80/b", "minio"), ("http://[::1]:80/b", "[::1]"), ("https://minio:80/b", "minio:80"),
      ("http://minio:443/b", "minio:443"), ("http://minio:9000/b", "minio:9000"), ("http://minio/b", "minio"),
    ])
  func usualPort(url: String, host: String) {
    #expect(SigV4.split(url: url).host == host)
    let request = SigV4.Request(method: "GET", url: url, headers: [], payloadHash: "UNSIGNED-PAYLOAD")
    #expect(SigV4.canonicalRequest(request).text.contains("\nhost:\(host)\n"))
  }
}
