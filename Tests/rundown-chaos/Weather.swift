/// What the storm does to the providers.
struct Weather: Sendable {
  let plan: StormPlan
  let providers: Providers
  let configuration: Configuration
  let desk: Desk

  /// Answers of writes that are lost after the effect, and requests that are refused with 503.
  private static let lostAnswers = 0.1
  private static let unavailable = 0.05
  /// Seconds of a burst of 429, and the seconds that its answers ask for.
  private static let burst = 1.0
  private static let burstRetryAfter = 2

  /// Switches on what lasts the whole storm, and takes the first engine down.
  func begin() throws {
    for (standIn, listeners) in [
      (providers.main, plan.engines.map { "engine \($0)" } + ["video", "s3"]), (providers.late, ["video"]),
    ] {
      for listener in listeners {
        // First, so that it delays also what the others refuse.
        try standIn.control.post(.init(listener: listener, kind: "slow", delayMilliseconds: plan.latency))
        try standIn.control.post(.init(listener: listener, kind: "cutAfterEffect", probability: Self.lostAnswers))
        try standIn.control.post(
          .init(
            listener: listener, kind: "status", probability: Self.unavailable, status: 503, retryAfterSeconds: 1))
      }
    }
    try providers.main.control.post(
      .init(listener: "engine \(plan.engines[0])", kind: "down", durationSeconds: Double(plan.outage)))
  }

  /// Lets bursts of 429 come, at one provider after the other, until it is cancelled.
  func gusts() async throws {
    let places = [
      (providers.main, "video"), (providers.main, "s3"), (providers.main, "engine \(plan.engines[1])"),
      (providers.late, "video"),
    ]
    var number = 0
    while true {
      try await Task.sleep(for: .seconds(plan.burstPause))
      let (standIn, listener) = places[number % places.count]
      try standIn.control.post(
        .init(
          listener: listener, kind: "status", durationSeconds: Self.burst, status: 429,
          retryAfterSeconds: Self.burstRetryAfter))
      number += 1
    }
  }

  /// When the time has come, somebody gives the account `late` its new token.
  func renewToken() async throws {
    try await Task.sleep(for: .seconds(plan.tokenAfter))
    try configuration.replaceToken()
    guard plan.opensGate else { return }
    // 7: it was never closed, since no job has met the old token.
    try await desk.run(["gates", "open", "wowza-video:\(Thing.Account.late.rawValue)"], fine: [0, 7])
  }

  /// Everything works again.
  func clear() throws {
    for standIn in providers.standIns { try standIn.control.clearSky() }
  }
}
