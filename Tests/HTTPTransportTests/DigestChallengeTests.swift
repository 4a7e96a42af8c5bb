import Secrets
import Testing

@testable import HTTPTransport

@Suite("Digest")
struct DigestChallengeTests {
  private func answer(
    _ field: String, user: String, password: String, uri: String = "/dir/index.html", clientNonce: String
  ) throws -> [String: String] {
    let challenge = try #require(HTTPChallenge.parse(field).compactMap { DigestChallenge($0) }.first)
    let value = challenge.authorization(
      HTTPAuthentication(user: Secret(user), password: Secret(password)), method: "GET", uri: uri, count: 1,
      clientNonce: clientNonce)
    return try #require(HTTPChallenge.parse(value.reveal()).first).parameters
  }

  /// RFC 7616, 3.9.1.
  @Test(
    "answers the examples of RFC 7616",
    arguments: [
      ("MD5", "8ca523f5e9506fed4657c9700eebdbec"),
      ("SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
    ])
  func examples(algorithm: String, response: String) throws {
    let field =
      #"Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=\#(algorithm), "#
      + #"nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS""#
    let answer = try answer(
      field, user: "Mufasa", password: "Circle of Life",
      clientNonce: "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ")
    #expect(answer["response"] == response)
    #expect(answer["opaque"] == "FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS")
    #expect(answer["algorithm"] == algorithm && answer["qop"] == "auth" && answer["nc"] == "00000001")
  }

  /// RFC 2617, 3.5: no algorithm is named, and none is named in the answer.
  @Test("answers the example of RFC 2617")
  func older() throws {
    let answer = try answer(
      #"Digest realm="testrealm@host.com", qop="auth,auth-int", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093""#,
      user: "Mufasa", password: "Circle Of Life", clientNonce: "0a4f113b")
    #expect(answer["response"] == "6629fae49393a05397450978507c4ef1")
    #expect(answer["algorithm"] == nil)
  }

  @Test("answers without counting where no protection is named, as RFC 2069 has it")
  func oldest() throws {
    let answer = try answer(
      #"Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093""#, user: "Mufasa",
      password: "Circle Of Life", clientNonce: "x")
    // By Python: md5(f"{md5('Mufasa:testrealm@host.com:Circle Of Life')}:{nonce}:{md5('GET:/dir/index.html')}").
    #expect(answer["response"] == "670fd8c2df070c60b045671b8b24ff02")
    #expect(answer["nc"] == nil && answer["cnonce"] == nil)
  }

  @Test("quotes what a name holds, and a field is read as it was written")
  func quoting() throws {
    let answer = try answer(
      #"Digest realm="a \"b\" \\c", nonce = "n", qop=auth"#, user: #"joe "x" \y"#, password: "p", clientNonce: "c")
    #expect(answer["realm"] == #"a "b" \c"#)
    #expect(answer["username"] == #"joe "x" \y"#)
  }

  @Test("several challenges are told apart, in one field or in more, and what cannot be answered is passed over")
  func challenges() {
    let field = #"Negotiate, Basic realm="a, b=c", Digest realm="r", nonce="n", algorithm=SHA-512-256, qop="auth-int""#
    let parsed = HTTPChallenge.parse(field)
    #expect(parsed.map(\.scheme) == ["negotiate", "basic", "digest"])
    #expect(parsed[1].parameters == ["realm": "a, b=c"])
    #expect(parsed.compactMap { DigestChallenge($0) } == [])
    let response = HTTPResponse(
      status: 401,
      headers: [
        ("WWW-Authenticate", #"Digest realm="r", nonce="md5", qop="auth""#),
        ("www-authenticate", #"Digest realm="r", nonce="sha", algorithm=SHA-256, qop="auth""#),
        ("WWW-Authenticate", #"Basic realm="r""#),
      ], body: [])
    guard case .digest(let chosen)? = AuthenticationDemand(response, allowed: .negotiate) else {
      Issue.record("no digest")
      return
    }
    #expect(chosen.nonce == "sha")
  }

  @Test(
    "any field is read to its end",
    arguments: ["", ",", "=", "\"", "a=", "Digest", "Digest =", "a=\"b", "x y z", "a==b"])
  func anything(field: String) {
    #expect(HTTPChallenge.parse(field).compactMap { DigestChallenge($0) } == [])
  }
}
