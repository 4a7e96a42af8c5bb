import HTTPTypes

/// Sits between a listener and its site: applies the faults, keeps the journal, writes the answer's bytes.
actor FaultMiddleware {
  private enum Outcome {
    case answer(Reply)
    case cut
  }

  private let name: String
  private let site: any Site
  private let board: FaultBoard
  private let journal: Journal
  private let time: StandInTime
  private var random: SeededRandom

  init(
    name: String, site: any Site, board: FaultBoard, journal: Journal, time: StandInTime, random: SeededRandom
  ) {
    self.name = name
    self.site = site
    self.board = board
    self.journal = journal
    self.time = time
    self.random = random
  }

  func respond(to request: Request) async -> Exchange.ReplyKind {
    await journal.count(name)
    var faults = await board.strike(request, at: name, moment: .before)
    let outcome: Outcome
    if let disturbed = await self.outcome(of: faults) {
      outcome = disturbed
    } else {
      let plain = await site.answer(request)
      // A fault after the effect needs an effect: a refused request must not use it up.
      let later = plain.isSuccess ? await board.strike(request, at: name, moment: .after) : []
      faults += later
      outcome = await self.outcome(of: later) ?? .answer(plain)
    }
    await write(request, outcome, faults)
    switch outcome {
    case .cut:
      return .cut
    case .answer(let answer):
      var response = answer.response(malformed: faults.contains { $0.kind == .malformedJSON }, shuffledBy: &random)
      // By the provider's own clock, like everything it reports; the real server behind the proxy has already set its
      // own.
      if response.head.headerFields[.date] == nil { response.head.headerFields[.date] = HTTPDate.text(time.now()) }
      return .answer(response)
    }
  }

  /// Applies `faults`; nil if the exchange continues normally.
  private func outcome(of faults: [Fault]) async -> Outcome? {
    for fault in faults {
      switch fault.kind {
      case .slow:
        try? await time.sleep(Double(fault.delayMilliseconds ?? 0) / 1000)
      case .cutBeforeEffect, .cutAfterEffect:
        return .cut
      case .htmlError:
        return .answer(.badGateway)
      case .status:
        let status = fault.status ?? 503
        var answer = status < 400 ? .redirect(status) : await site.failure(status: status)
        if let seconds = fault.retryAfterSeconds { answer.headers["Retry-After"] = String(seconds) }
        return .answer(answer)
      case .code401, .unauthorized:
        return .answer(await site.unauthorized(code: fault.code))
      case .malformedJSON, .down:
        continue
      }
    }
    return nil
  }

  private func write(_ request: Request, _ outcome: Outcome, _ faults: [Fault]) async {
    let status: Int? = if case .answer(let answer) = outcome { answer.status } else { nil }
    await journal.write(
      Journal.Line(
        at: time.now(), listener: name, method: request.method, path: request.path, status: status,
        faults: faults.map(\.kind)))
  }
}
