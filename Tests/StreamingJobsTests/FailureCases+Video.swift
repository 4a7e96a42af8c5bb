import HTTPTransport
import Secrets
import TestServers
import Testing
import WowzaVideoClient

@testable import StreamingJobs

// The reference's table of codes (2.3), its limits (2.5) and its retry advice (2.12); an outage and a refusal of the
// account itself close its gate, as docs/promises.md says.
extension FailureCase {
  static let ofVideo: [FailureCase] = [
    .signature(
      "video-401-clock", date: "Tue, 14 Nov 2023 23:13:20 GMT", says: ["clock is 3600 s behind", "check its NTP"]),
    .signature(
      "video-401-clock", date: "Tue, 14 Nov 2023 22:13:00 GMT", says: ["clock is 20 s ahead", "check its NTP"]),
    .signature("video-401-signature", date: "Tue, 14 Nov 2023 22:13:35 GMT", says: ["check the API key"]),
    .signature("video-401-signature", date: nil, says: ["check the API key"]),
    .video401("video-401-keys", "ERR-401-NoApiKey", .gate(.seconds(10)), says: "fits its version"),
    .video401("video-401-keys", "ERR-401-NoAccessKey", .gate(.seconds(10)), says: "fits its version"),
    .video401("video-401-keys", "ERR-401-InvalidApiKey", .gate(.seconds(10)), says: "64 characters"),
    .video401("video-401-keys", "ERR-401-InvalidAccessKey", .gate(.seconds(10)), says: "64 characters"),
    .video401("video-401-keys", "ERR-401-InvalidKeyLength", .gate(.seconds(10)), says: "64 characters"),
    .video401("video-401-expired-token", "ERR-401-ExpiredToken", .gate(.seconds(10)), says: "create a new token"),
    .video401("video-401-token", "ERR-401-InvalidToken", .gate(.seconds(10)), says: "check the token"),
    .video401("video-401-account", "ERR-401-BadAccountStatus", .gate(.seconds(10)), says: "billing"),
    .video401("video-401-account", "ERR-401-TrialExceeded", .gate(.seconds(10)), says: "billing"),
    .video401("video-401-feature", "ERR-401-FeatureNotEnabled", .dead, says: "license"),
    .videoFault("video-401", #""kind":"status","status":401"#, code: nil, .gate(.seconds(10))),
    .videoAnswer(
      "video-403", answer: meta(403, "ERR-403-RecordUnaccessible"), code: "ERR-403-RecordUnaccessible", .dead),
    .videoCall("video-gone", by: "an unknown stream", code: "ERR-404-RecordNotFound", .dead) { given in
      _ = try await given.clients.wowzaVideo("main").startLiveStream("nobody")
    },
    .videoAnswer("video-gone", answer: meta(410, "ERR-410-RecordDeleted"), code: "ERR-410-RecordDeleted", .dead),
    // Postponed by 20 minutes or more, and no failed attempt.
    .videoCall("video-409-limit", by: "more streams than allowed", code: nil, .wait(.seconds(1200)), says: ["limit"]) {
      given in
      try await given.control("PATCH", "/settings/video", #"{"liveStreamLimit":1}"#)
      _ = try await restream(given)
      _ = try await restream(given)
    },
    // What is in it stands in no specification.
    .videoAnswer(
      "video-409-limit",
      answer: AnswerServer.answer(
        409, headers: ["Content-Type: application/json"], body: #"{"error":"Live stream limit reached"}"#),
      code: nil, .wait(.seconds(1200)), says: ["limit reached"]),
    .videoAnswer(
      "video-409-limit",
      answer: AnswerServer.answer(409, headers: ["Content-Type: text/plain"], body: "limit reached"),
      code: nil, .wait(.seconds(1200)), says: ["limit reached"]),
    .videoFault(
      "video-409-limit", #""kind":"status","status":409,"retryAfterSeconds":2400"#, code: nil, .wait(.seconds(2400))),
    .videoCall(
      "video-422-processing", by: "an asset in processing", code: "ERR-422-NotAvailable", .wait(.seconds(30)),
      says: ["being processed"]
    ) { given in
      try await given.control("POST", "/assets", #"{"id":"talk-2","completeAfterSeconds":60}"#)
      _ = try await given.clients.wowzaVideo("main").restream(asset: "talk-2")
    },
    .videoCall(
      "video-422-state", by: "the start of a started stream", code: "ERR-422-InvalidStateChange", .wait(.seconds(5))
    ) {
      given in
      let stream = try await restream(given)
      _ = try await given.clients.wowzaVideo("main").startLiveStream(stream.id)
      _ = try await given.clients.wowzaVideo("main").startLiveStream(stream.id)
    },
    .videoCall("video-422-invalid", by: "a blank name", code: "ERR-422-RecordInvalid", .dead, says: ["can't be blank"])
    {
      given in
      _ = try await given.clients.wowzaVideo("main").createStreamTarget(NewStreamTarget(name: ""))
    },
    .videoAnswer(
      "video-423", answer: meta(423, "ERR-423-StreamAlreadyStopped"), code: "ERR-423-StreamAlreadyStopped", .dead),
    .videoFault(
      "video-429", #""kind":"status","status":429"#, code: nil, .gate(.seconds(1)), says: ["Too many requests"]),
    .videoFault(
      "video-429", #""kind":"status","status":429,"retryAfterSeconds":5"#, code: nil,
      .gate(.seconds(1), requested: .seconds(5))),
    .videoAnswer(
      "video-429", answer: meta(429, nil, ["x-ratelimit-reset: 40"]), code: nil,
      .gate(.seconds(1), requested: .seconds(40))),
    // An instant counts from the provider's own clock, which is an hour ahead of ours.
    .videoAnswer(
      "video-429", answer: meta(429, nil, ["x-ratelimit-reset: 1700003650", "Date: Tue, 14 Nov 2023 23:13:20 GMT"]),
      code: nil, .gate(.seconds(1), requested: .seconds(50))),
    .videoFault("video-503", #""kind":"status","status":503"#, code: nil, broke: .unknown, .gate(.seconds(1))),
    .videoAnswer(
      "video-503",
      answer: meta(503, nil, ["Retry-After: Tue, 14 Nov 2023 23:14:20 GMT", "Date: Tue, 14 Nov 2023 23:13:20 GMT"]),
      code: nil, broke: .unknown, .gate(.seconds(1), requested: .seconds(60))),
    .videoAnswer(
      "foreign-503", answer: AnswerServer.answer(503, body: "<html>busy</html>"), code: nil, broke: .unknown,
      .gate(.seconds(1))),
    .videoFault("video-unknown", #""kind":"cutAfterEffect""#, code: "connection-lost", broke: .unknown, .series()),
    .videoFault("video-unknown", #""kind":"malformedJSON""#, code: "undecodable-answer", broke: .unknown, .series()),
    .videoFault("video-unknown", #""kind":"status","status":500"#, code: nil, broke: .unknown, .series()),
    .videoFault(
      "video-unknown", #""kind":"status","status":504,"retryAfterSeconds":3"#, code: nil, broke: .unknown,
      .series(requested: .seconds(3))),
    .videoFault("video-trouble", #""kind":"status","status":500"#, code: nil, .series(), call: read),
    .videoFault("video-trouble", #""kind":"status","status":408"#, code: nil, .series(), call: read),
    .videoFault("video-unknown", #""kind":"status","status":408"#, code: nil, broke: .unknown, .series()),
    .videoFault("video-trouble", #""kind":"malformedJSON""#, code: "undecodable-answer", .series(), call: read),
    .videoAnswer(
      "video-trouble",
      answer: AnswerServer.answer(200, body: #"{"live_streams":[],"pagination":{"total_records":5,"total_pages":1}}"#),
      code: "incomplete-list", .series(), call: { _ = try await $0.liveStreams() }),
    .videoFault("video-other", #""kind":"status","status":400"#, code: nil, .dead),
  ]

  @Sendable private static func restream(_ given: Given) async throws -> LiveStream {
    try await given.control("POST", "/assets", #"{"id":"talk-1"}"#)
    return try await given.clients.wowzaVideo("main").restream(asset: "talk-1")
  }

  @Sendable private static func read(_ client: WowzaVideoClient) async throws { _ = try await client.liveStreams() }

  @Sendable private static func write(_ client: WowzaVideoClient) async throws {
    _ = try await client.createStreamTarget(NewStreamTarget(name: "cdn"))
  }

  /// The documented form of an error; 409, 429 and 5xx have no code.
  private static func meta(_ status: Int, _ code: String?, _ headers: [String] = []) -> String {
    let code = code.map { #","code":"\#($0)""# } ?? ""
    return AnswerServer.answer(
      status, headers: headers + ["Content-Type: application/json"],
      body: #"{"meta":{"status":\#(status)\#(code),"title":"T","message":"the service's words"}}"#)
  }

  /// The stand-in with a fault.
  private static func videoFault(
    _ row: String, _ fault: String, code: String?, broke delivery: Delivery = .refused, _ means: Meaning,
    says: [String] = [], call: @escaping @Sendable (WowzaVideoClient) async throws -> Void = write
  ) -> FailureCase {
    .videoCall(row, by: fault, code: code, broke: delivery, means, says: says) { given in
      try await given.fault(#"{"listener":"video",\#(fault)}"#)
      try await call(given.clients.wowzaVideo("main"))
    }
  }

  private static func video401(_ row: String, _ code: String, _ means: Meaning, says: String) -> FailureCase {
    .videoFault(row, #""kind":"code401","code":"\#(code)""#, code: code, means, says: [says])
  }

  private static func videoCall(
    _ row: String, by: String, code: String?, broke delivery: Delivery = .refused, _ means: Meaning,
    says: [String] = [],
    call: @escaping @Sendable (Given) async throws -> Void
  ) -> FailureCase {
    FailureCase(row, by: by, code: code, broke: delivery, means, says: says) {
      try await Given.standIns { given in try await call(given) }
    }
  }

  /// A server that answers so.
  private static func videoAnswer(
    _ row: String, answer: String, code: String?, broke delivery: Delivery = .refused, _ means: Meaning,
    says: [String] = [], call: @escaping @Sendable (WowzaVideoClient) async throws -> Void = write
  ) -> FailureCase {
    FailureCase(row, by: answer, code: code, broke: delivery, means, says: says) {
      try await answering(answer) { transport, port in
        try await call(try client(transport, port, "v2.0", .bearer(Secret("token-of-tests"))))
      }
    }
  }

  /// A server that refuses every signature and shows this date. Our clock stands at Tue, 14 Nov 2023 22:13:20 GMT.
  private static func signature(_ row: String, date: String?, says: [String]) -> FailureCase {
    let code = "ERR-401-InvalidSignature"
    let answer = meta(401, code, date.map { ["Date: \($0)"] } ?? [])
    return FailureCase(row, by: date ?? "no date", code: code, .gate(.seconds(10)), says: says) {
      try await answering(answer) { transport, port in
        try await write(
          try client(transport, port, "v1.7", .hmac(key: Secret("key-of-tests"), accessKey: Secret("access-of-tests"))))
      }
    }
  }

  private static func client(
    _ transport: CurlTransport, _ port: UInt16, _ version: String, _ credentials: WowzaVideoCredentials
  ) throws -> WowzaVideoClient {
    WowzaVideoClient(
      baseURL: "http://127.0.0.1:\(port)", version: try #require(WowzaVideoVersion(version)),
      credentials: { credentials }, transport: transport, now: { 1_700_000_000 })
  }
}
