import JobQueue

// MARK: A person at the gates

extension World {
  func closeGate() async throws {
    let key = pick(gates)
    let until = random.chance(1, in: 4) ? nil : clock.now() + .seconds(random.below(30))
    let told = try await call { try await $0.closeGate(key, until: until, reason: "the storm", at: clock.now()) }
    guard told.answer != nil else { return }
    log("a person closes \(key) until \(until.map { "\($0)" } ?? "somebody opens it")")
    try await check(after: .closeGate(key, until: until))
  }

  func openGate() async throws {
    try await openGate(pick(gates))
  }

  func openGate(_ key: String) async throws {
    let wasShut = (oracle.gates[key]?.state ?? .open) != .open
    guard let told = try await call({ try await $0.openGate(key, at: clock.now()) }).answer else { return }
    log("a person opens \(key): \(told)")
    try promise(told == wasShut, "whether \(key) was open, a person was told wrong")
    try await check(after: .openGate(key))
  }

  /// Opens the gates that only an operator opens.
  func openGatesClosedForGood() async throws {
    for key in gates {
      if let gate = oracle.gates[key], gate.state == .closed, gate.until == nil { try await openGate(key) }
    }
  }
}
