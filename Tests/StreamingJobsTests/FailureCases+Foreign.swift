import AWSClient
import HTTPTransport
import Secrets
import TestServers
import Testing
import WowzaEngineClient
import WowzaVideoClient

@testable import StreamingJobs

// What proxies, gateways and captive portals give in a provider's place, read and written through: an outage, whatever
// the status.
extension FailureCase {
  static let foreign: [FailureCase] = ForeignAnswer.all.flatMap { answer in
    Provider.allCases.flatMap { provider in
      [false, true].map { isWrite in
        let asksForTime = answer.status == 503 || answer.status == 429
        return FailureCase(
          asksForTime ? "foreign-\(answer.status)" : "foreign-answer",
          by: "\(answer.words) from \(provider), \(isWrite ? "written" : "read")",
          code: asksForTime ? nil : "foreign-answer", broke: isWrite ? .unknown : .refused,
          .gate(.seconds(asksForTime ? 1 : 5), requested: answer.pause),
          says: [asksForTime ? "a proxy or gateway" : "something else answered", "\(answer.status)"]
        ) {
          try await answering(answer.text) { transport, port in
            let base = "http://127.0.0.1:\(port)"
            if isWrite { return try await provider.ask(transport, base) }
            try await provider.look(transport, base)
          }
        }
      }
    }
  }
}

// Whoever says that a request is too large says it of this request: others behind the gate are not held up.
extension FailureCase {
  static let tooLarge: [FailureCase] = [413, 414, 431].flatMap { status in
    Provider.allCases.flatMap { provider in
      [false, true].map { isWrite in
        FailureCase(
          "foreign-size", by: "a page with \(status) from \(provider), \(isWrite ? "written" : "read")", code: nil,
          broke: isWrite ? .unknown : .refused, .dead
        ) {
          try await answering(
            AnswerServer.answer(status, headers: ["Content-Type: text/html"], body: "<html><body>Sorry</body></html>")
          ) { transport, port in
            let base = "http://127.0.0.1:\(port)"
            if isWrite { return try await provider.ask(transport, base) }
            try await provider.look(transport, base)
          }
        }
      }
    }
  }
}

/// An answer that is not a provider's.
struct ForeignAnswer: Sendable, CustomTestStringConvertible {
  var testDescription: String { words }
  let status: Int
  let words: String
  let headers: [String]
  let body: String
  var pause: Duration?

  var text: String { AnswerServer.answer(status, headers: headers, body: body) }

  private static func json(_ status: Int, _ body: String) -> ForeignAnswer {
    ForeignAnswer(status: status, words: "\(status) \(body)", headers: ["Content-Type: application/json"], body: body)
  }

  static let all: [ForeignAnswer] =
    [
      200, 201, 203, 206, 226, 302, 400, 401, 403, 404, 405, 407, 408, 409, 410, 412, 422, 429, 451, 500, 501, 502, 503,
      504,
      521,
    ].map {
      ForeignAnswer(
        status: $0, words: "a page with \($0)", headers: ["Content-Type: text/html"],
        body: "<html><body>Sorry</body></html>")
    }
    + [200, 201, 202, 204, 205, 301, 307, 403, 404, 500, 502, 504].map {
      ForeignAnswer(status: $0, words: "an empty \($0)", headers: [], body: "")
    }
    + [404, 403, 500, 502].map {
      ForeignAnswer(
        status: $0, words: "JSON with \($0)", headers: ["Content-Type: application/json"],
        body: #"{"message":"no route","code":"404","error":"x"}"#)
    }
    // Health pages of load balancers, and other products on the port: with names and versions, envelopes and states.
    + [
      #"{"status":"ok"}"#, #"{"name":"lb-7","version":"1.4.2"}"#, #"{"serverName":"lb-7","version":"3"}"#,
      #"{"id":"lb-7","state":"started"}"#, #"{"success":true}"#, #"{"success":true,"message":"OK","data":{"id":1}}"#,
      #"{"success":false,"message":"starting"}"#, #"{"data":{"name":"lb-7"}}"#, "{}",
    ].map { json(200, $0) }
    + [400, 404, 409, 422].flatMap { status in
      [
        #"{"success":false}"#, #"{"success":false,"message":"no","code":\#(status)}"#,
        #"{"success":false,"message":"no","code":"\#(status)","data":null}"#,
      ].map { json(status, $0) }
    }
    + [#"{"meta":{}}"#, #"{"meta":{"code":404,"message":"no route"}}"#, #"{"meta":{"status":200}}"#].flatMap { body in
      [404, 410].map { json($0, body) }
    }
    // Larger than is taken of any answer.
    + [200, 404].map {
      ForeignAnswer(
        status: $0, words: "a large page with \($0)", headers: ["Content-Type: text/html"],
        body: "<html>" + String(repeating: " ", count: 9 << 20))
    }
    + [
      ForeignAnswer(status: 200, words: "text", headers: ["Content-Type: text/plain"], body: "success"),
      ForeignAnswer(
        status: 204, words: "an empty answer that is never told to change", headers: ["Etag: \"\"", "Server: portal"],
        body: ""),
      ForeignAnswer(
        status: 404, words: "a page that asks for a pause", headers: ["Retry-After: 7"], body: "<html></html>",
        pause: .seconds(7)),
      ForeignAnswer(status: 404, words: "text", headers: ["Content-Type: text/plain"], body: "404 page not found"),
      ForeignAnswer(status: 403, words: "XML", headers: ["Content-Type: application/xml"], body: "<error/>"),
      ForeignAnswer(
        status: 200, words: "XML of a health page", headers: ["Content-Type: application/xml"],
        body: "<health><Name>lb-7</Name><Status>Enabled</Status></health>"),
    ]
}

extension FailureCase.Provider {
  /// A call that only reads.
  func look(_ transport: CurlTransport, _ base: String) async throws {
    switch self {
    case .engine: _ = try await Self.engine(transport, base).mapEntry("cam", application: "live")
    case .video: _ = try await Self.video(transport, base, "v2.0").liveStreamState("s")
    case .s3: _ = try await Self.s3(transport, base).headObject("a.mp4", in: "vod")
    }
  }
}
