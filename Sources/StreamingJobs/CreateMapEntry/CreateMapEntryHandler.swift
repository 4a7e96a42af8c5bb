import HTTPTransport
public import JobQueue
import Secrets
import WowzaEngineClient

/// Looks, creates, compares; updates only if it may.
public struct CreateMapEntryHandler: JobHandler {
  private let clients: any ClientDirectory

  /// The checkpoint with the names of the fields that differed in an entry that is replaced.
  private static let changed = "changed"
  private static let effect = "create"
  /// The checkpoint that says that an entry which was to be created disabled is disabled.
  private static let off = "off"
  /// The checkpoint that says that an entry is being switched.
  private static let switching = "switching"

  /// Creates a handler that finds its clients by the names of their connections.
  public init(clients: any ClientDirectory) {
    self.clients = clients
  }

  /// Makes the application push the stream.
  public func run(_ parameters: CreateMapEntry, context: JobContext) async throws -> MapEntryResult {
    let engine = try await clients.engine(parameters.engine)
    let key = try await clients.pushKey(parameters.credential)
    // An earlier attempt may have given the secret to the engine, which may return it in any response.
    SentSecrets.current?.add([Secret(key.accessKeyID), key.secretAccessKey])
    let wanted = parameters.wanted(key)
    let (made, isNew) = try await origin(engine, wanted, parameters, context)
    let asked = try await context.hasAsked(for: Self.effect)
    var found = try await compared(engine, parameters, wanted, context, isOurs: asked)
    if made == .performed || asked {
      try await switched(engine, parameters, context, told: found.isEnabled, isMade: made == .performed, isNew: isNew)
    }
    let earlier = try await context.checkpoint(Self.changed, as: [String].self) ?? []
    if found.differences.isEmpty {
      return result(parameters, created: made == .performed, changed: earlier, unread: found.unread)
    }
    guard made == .adopted, parameters.replaces else {
      throw problem(parameters, found.differences, ours: made == .performed)
    }
    var changed = earlier
    // Someone else may change the entry between our write and the look at it; then it is merged again, a few times.
    for _ in 0..<Self.mostMerges where !found.differences.isEmpty {
      changed += found.differences.map(\.field).filter { !changed.contains($0) }
      context.note("replacing \(changed.joined(separator: ", "))")
      // Repeating the same PUT changes nothing more, so it needs no intent. What it changes is noted before: after a
      // crash in between, the entry itself no longer shows it.
      try await context.checkpoint(Self.changed, changed)
      _ = try await engine.updateMapEntry(
        parameters.entryName, application: parameters.application,
        secretAccessKey: wanted.extraOptions?.secretAccessKey,
        change: { $0.adopt(wanted) })
      found = try await compared(engine, parameters, wanted, context, isOurs: asked)
    }
    guard found.differences.isEmpty else { throw problem(parameters, found.differences, ours: true) }
    return result(parameters, created: false, changed: changed, unread: found.unread)
  }

  /// Makes sure that an entry created by this job pushes or not as requested, even if the engine ignores that on
  /// creation. Only once, because whoever switches it later does so on purpose. If an earlier attempt created the entry
  /// and it does not push now, its show may be over.
  private func switched(
    _ engine: WowzaEngineClient, _ parameters: CreateMapEntry, _ context: JobContext, told: Bool?, isMade: Bool,
    isNew: Bool
  ) async throws {
    let on = parameters.enabled ?? CreateMapEntry.Defaults.enabled
    let isPending = try await context.checkpoint(Self.switching, as: Bool.self) == true
    let wasOff = try await context.checkpoint(Self.off, as: Bool.self) == true
    guard on ? isNew || isPending : !wasOff else { return }
    if told == !on || told == nil && !on && isMade {
      let word = on ? "enabled" : "disabled"
      context.note("\(place(parameters)) was not created \(word); switching it")
      do {
        try await engine.turn(parameters.entryName, on: on, application: parameters.application)
      } catch let error as ProviderError where told == nil && error.mayMeanUnchanged {
        context.note("the engine refuses it and does not report whether the entry is enabled: \(error.message)")
      }
      let still = try await engine.mapEntry(parameters.entryName, application: parameters.application)?.enabled == !on
      let missing = MissingSince(checkpoint: "switched-in-vain-since", context: context)
      if still {
        try await context.checkpoint(Self.switching, true)
        if let pause = try await missing.pause() {
          throw Verdict.snooze(for: pause, why: "\(place(parameters)) is not \(word) yet")
        }
        throw Verdict.dead(
          Failure(
            code: "differs", message: "\(place(parameters)) was created but does not stay \(word)",
            hint: "check who else switches it, and the engine's log"))
      }
      try await missing.clear()
    }
    if !on { try await context.checkpoint(Self.off, true) }
  }

  /// How often an entry is changed again that does not keep what was written.
  private static let mostMerges = 3

  /// What an error means.
  public func classify(_ error: any Error) -> Verdict { FailureClassifier.classify(error) }

  /// Looks, then creates. Someone else may create an entry of this name in between: a second look adopts it.
  /// - Returns: how the entry came to be, and whether it was created just now.
  private func origin(
    _ engine: WowzaEngineClient, _ wanted: MapEntry, _ parameters: CreateMapEntry, _ context: JobContext
  ) async throws -> (EffectOrigin, isNew: Bool) {
    do {
      return try await create(engine, wanted, parameters, context)
    } catch let error as ProviderError where Self.mayMeanDuplicate(error) {
      // Only a 409 is documented, and only for other objects. After any other refusal, what exists now decides; else
      // the error does.
      if error.status != 409 { guard try await exists(engine, parameters) else { throw error } }
      context.note("\(place(parameters)) appeared in the meantime; looking again")
      return try await create(engine, wanted, parameters, context)
    }
  }

  private static func mayMeanDuplicate(_ error: ProviderError) -> Bool {
    // Those are about the caller, the application, or the moment.
    guard error.isFromProvider, let status = error.status, ![401, 403, 404, 408, 429, 503].contains(status) else {
      return false
    }
    return status == 500 || error.delivery == .refused
  }

  private func exists(_ engine: WowzaEngineClient, _ parameters: CreateMapEntry) async throws -> Bool {
    try await engine.mapEntry(parameters.entryName, application: parameters.application) != nil
  }

  private func create(
    _ engine: WowzaEngineClient, _ wanted: MapEntry, _ parameters: CreateMapEntry, _ context: JobContext
  ) async throws -> (EffectOrigin, isNew: Bool) {
    var isNew = false
    // The recorded result is only the entry's name; its content is read again, so no secret is recorded.
    let origin = try await context.effect(
      // If the request is repeated, the engine refuses it because of the name.
      Self.effect, lateEffectWindow: .zero,
      find: { _ in try await exists(engine, parameters) ? .found(parameters.entryName) : .absent },
      perform: {
        do {
          try await engine.createMapEntry(wanted, named: parameters.entryName, application: parameters.application)
        } catch var error as ProviderError where error.status == 404 {
          // A POST does not need the entry to exist, so it is the application that is missing.
          error.hint = "engine \(parameters.engine) has no application \(parameters.application): check its name"
          throw error
        }
        isNew = true
        return parameters.entryName
      }
    ).origin
    return (origin, isNew)
  }

  private func compared(
    _ engine: WowzaEngineClient, _ parameters: CreateMapEntry, _ wanted: MapEntry, _ context: JobContext, isOurs: Bool
  ) async throws -> MapEntryComparison {
    let found = try await engine.mapEntry(parameters.entryName, application: parameters.application)
    let missing = MissingSince(checkpoint: "entry-missing-since", context: context)
    guard let found else {
      if let pause = try await missing.pause() {
        throw Verdict.snooze(for: pause, why: "\(place(parameters)) was there but is not visible now")
      }
      throw Verdict.dead(
        Failure(
          code: "vanished", message: "\(place(parameters)) was there but is gone: someone removed it",
          hint: "enqueue the job again to recreate it"))
    }
    try await missing.clear()
    return MapEntryComparison(wanted, found, isOurs: isOurs)
  }

  private func problem(_ parameters: CreateMapEntry, _ differences: [FieldDifference], ours: Bool) -> Verdict {
    let what = differences.map(\.sentence).joined(separator: "; ")
    return .dead(
      Failure(
        code: "differs", message: "\(place(parameters)) exists but differs: \(what)",
        hint: ours
          ? "the engine did not store what was asked for; check its version and its log"
          : "choose another entry name, or allow the change with onExisting: replace"))
  }

  private func place(_ parameters: CreateMapEntry) -> String {
    "map entry \(parameters.entryName) of \(parameters.engine)/\(parameters.application)"
  }

  private func result(
    _ parameters: CreateMapEntry, created: Bool, changed: [String], unread: [String]
  ) -> MapEntryResult {
    MapEntryResult(
      engine: parameters.engine, application: parameters.application, entry: parameters.entryName,
      playlistPath: parameters.playlistPath, created: created, changed: changed,
      unchanged: !created && changed.isEmpty, unread: unread.isEmpty ? nil : unread)
  }
}
