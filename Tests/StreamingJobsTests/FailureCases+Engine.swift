import HTTPTransport
import Secrets
import TestServers
import WowzaEngineClient

@testable import StreamingJobs

// The reference's table of statuses (1.3), and its retry advice (2.12). What no reference tells is our own rule.
extension FailureCase {
  static let ofEngine: [FailureCase] = [
    .engineFault(
      "engine-401", #""kind":"unauthorized""#, code: "401", .gate(.seconds(10)), says: ["check user and password"]),
    .engineFault(
      "engine-403", #""kind":"status","status":403"#, code: "403", .gate(.seconds(10)), says: ["IPWhiteList"]),
    .engineCall("engine-404", by: "an unknown application", code: "404", .dead) {
      try await $0.createMapEntry(entry, named: "cam", application: "nowhere")
    },
    .engineCall("engine-409", by: "an entry that exists", code: "409", .retry()) {
      try await write($0)
      try await write($0)
    },
    .engineFault("engine-429", #""kind":"status","status":429"#, code: "429", .gate(.seconds(1))),
    .engineFault(
      "engine-429", #""kind":"status","status":429,"retryAfterSeconds":7"#, code: "429",
      .gate(.seconds(1), requested: .seconds(7))),
    // A pause of no length asks for nothing.
    .engineFault("engine-429", #""kind":"status","status":429,"retryAfterSeconds":0"#, code: "429", .gate(.seconds(1))),
    .engineFault(
      "engine-503", #""method":"POST","kind":"status","status":503"#, code: "503", broke: .unknown, .gate(.seconds(1))),
    .engineFault(
      "engine-503", #""method":"POST","kind":"status","status":503,"retryAfterSeconds":90"#, code: "503",
      broke: .unknown,
      .gate(.seconds(1), requested: .seconds(90))),
    .engineFault("engine-unknown", #""kind":"cutAfterEffect""#, code: "connection-lost", broke: .unknown, .series()),
    .engineFault("engine-unknown", #""kind":"cutBeforeEffect""#, code: "connection-lost", broke: .unknown, .series()),
    .engineFault(
      "engine-unknown", #""method":"POST","kind":"status","status":500"#, code: "500", broke: .unknown, .series()),
    .engineFault(
      "engine-unknown", #""method":"POST","kind":"status","status":504,"retryAfterSeconds":4"#, code: "504",
      broke: .unknown,
      .series(requested: .seconds(4))),
    .engineFault("engine-unknown", #""kind":"malformedJSON""#, code: "undecodable-answer", broke: .unknown, .series()),
    .engineFault("engine-trouble", #""kind":"status","status":500"#, code: "500", .series(), call: read),
    .engineFault("engine-trouble", #""kind":"status","status":408"#, code: "408", .series(), call: read),
    .engineFault(
      "engine-unknown", #""method":"POST","kind":"status","status":408"#, code: "408", broke: .unknown, .series()),
    .engineFault("engine-trouble", #""kind":"malformedJSON""#, code: "undecodable-answer", .series(), call: read),
    .engineAnswer(
      "engine-trouble",
      answer: AnswerServer.answer(200, body: #"{"success":false,"message":"cannot save","wowzaServer":"4.8"}"#),
      code: nil, .series(), says: ["cannot save"]),
    // Whose refusal it is would stand in what broke off.
    .engineAnswer(
      "engine-unknown", answer: "HTTP/1.1 404 Not Found\r\nContent-Length: 9\r\n\r\n{", code: "connection-lost",
      broke: .unknown, .series()),
    .engineAnswer(
      "engine-unknown", answer: "HTTP/1.1 401 Who\r\nContent-Length: 9\r\n\r\n{", code: "connection-lost",
      broke: .unknown, .series()),
    // The status of the answer that came is 200.
    .engineAnswer(
      "engine-other",
      answer: AnswerServer.answer(
        200, body: #"{"success":false,"code":"400","message":"bad profile","wowzaServer":"4"}"#),
      code: "400", .dead, says: ["bad profile"]),
    .engineFault("engine-other", #""kind":"status","status":400"#, code: "400", .dead),
    // Too large for whoever is in between is too large.
    .engineAnswer("foreign-size", answer: AnswerServer.answer(413), code: nil, broke: .unknown, .dead),
  ]

  private static let entry = MapEntry(sourceStreamName: "cam", profile: "rtmp")

  @Sendable private static func write(_ client: WowzaEngineClient) async throws {
    try await client.createMapEntry(entry, named: "cam", application: "live")
  }

  @Sendable private static func read(_ client: WowzaEngineClient) async throws {
    _ = try await client.mapEntries(application: "live")
  }

  /// The stand-in with a fault.
  private static func engineFault(
    _ row: String, _ fault: String, code: String?, broke delivery: Delivery = .refused, _ means: Meaning,
    says: [String] = [], call: @escaping @Sendable (WowzaEngineClient) async throws -> Void = write
  ) -> FailureCase {
    FailureCase(row, by: fault, code: code, broke: delivery, means, says: says) {
      try await Given.standIns { given in
        try await given.fault(#"{"listener":"engine fra1",\#(fault)}"#)
        try await call(given.clients.engine("fra1"))
      }
    }
  }

  /// The stand-in as it is.
  private static func engineCall(
    _ row: String, by: String, code: String, _ means: Meaning,
    call: @escaping @Sendable (WowzaEngineClient) async throws -> Void
  ) -> FailureCase {
    FailureCase(row, by: by, code: code, means) {
      try await Given.standIns { given in try await call(given.clients.engine("fra1")) }
    }
  }

  /// A server that answers so.
  private static func engineAnswer(
    _ row: String, answer: String, code: String?, broke delivery: Delivery = .refused, _ means: Meaning,
    says: [String] = []
  ) -> FailureCase {
    FailureCase(row, by: answer, code: code, broke: delivery, means, says: says) {
      try await answering(answer) { transport, port in
        try await write(
          WowzaEngineClient(transport: transport, baseURL: "http://127.0.0.1:\(port)", credentials: { nil }))
      }
    }
  }
}
