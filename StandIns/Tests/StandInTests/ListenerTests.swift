import Testing

@testable import rundown_standins

@Suite("A listener of the stand-ins")
struct ListenerTests {
  /// What one connection gets for `text`, from a listener that tells each request back.
  private func answers(to text: String, isAll: Bool = false) async throws -> String {
    let listener = Listener(port: 0, bodyLimit: 10) { request in
      let body = "\(request.method) \(request.target) \(request.body.count)"
      return request.target == "/cut" ? .cut : .answer(Response(200, body: Array(body.utf8)))
    }
    try await listener.open()
    do {
      let answers = try await RawHTTP.conversation(port: await listener.port, text, isAll: isAll)
      await listener.close()
      return answers
    } catch {
      await listener.close()
      throw error
    }
  }

  private func request(_ head: String, _ fields: String = "", body: String = "") -> String {
    "\(head) HTTP/1.1\r\nHost: a\r\n\(fields)Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
  }

  /// The request after which the connection ends.
  private let last = "Connection: close\r\n"

  private func parts(_ text: String) -> [String] {
    text.split(separator: "\r\n", omittingEmptySubsequences: true).map(String.init)
  }

  @Test("answers several requests of one connection, each with its length, in their order")
  func pipeline() async throws {
    let text = request("GET /a") + request("POST /b", body: "four") + request("GET /c", last)
    let answers = try await answers(to: text)
    #expect(
      parts(answers) == [
        "HTTP/1.1 200 OK", "Content-Length: 8", "GET /a 0HTTP/1.1 200 OK", "Content-Length: 9",
        "POST /b 4HTTP/1.1 200 OK", "Content-Length: 8", "GET /c 0",
      ])
  }

  @Test("tells a HEAD the length and no more")
  func head() async throws {
    let answers = try await answers(to: request("HEAD /a") + request("GET /b", last))
    #expect(
      parts(answers) == [
        "HTTP/1.1 200 OK", "Content-Length: 9", "HTTP/1.1 200 OK", "Content-Length: 8", "GET /b 0",
      ])
  }

  @Test("takes no body that is too large, announced or in chunks, and goes on after it")
  func tooLarge() async throws {
    let large = request("POST /a", body: "eleven byte")
    let chunked =
      "POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
      + "6\r\n123456\r\n5\r\n12345\r\n0\r\n\r\n"
    for text in [large, chunked] {
      let answers = try await answers(to: text + request("POST /b", last, body: "ten bytes."))
      #expect(answers.hasPrefix("HTTP/1.1 413 "))
      #expect(answers.hasSuffix("POST /b 10"))
    }
  }

  @Test("cuts a connection without a byte")
  func cut() async throws {
    let answers = try await answers(to: request("GET /a") + request("GET /cut") + request("GET /b"))
    #expect(parts(answers).last == "GET /a 0")
  }

  @Test("gives no answer to half a request, and 400 to what is none")
  func broken() async throws {
    let half = "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nab"
    #expect(try await answers(to: half, isAll: true).isEmpty)
    #expect(try await answers(to: "what is this\r\n\r\n").hasPrefix("HTTP/1.1 400 "))
  }
}
