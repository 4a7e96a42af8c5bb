import JobQueue
import WowzaEngineClient

/// Enables or disables an entry of an application's push publish map, and reads it back.
struct MapEntrySwitch: Sendable {
  let clients: any ClientDirectory
  let entry: any MapEntrySwitching
  /// Whether to enable it.
  let enabled: Bool

  /// The parameters of both kinds.
  static let fields: [JobField] = [
    .required("engine", .connection(.engine), "the engine"),
    .required("application", "the application"),
    .required("entryName", "the entry's name"),
    .optional("occurrence", "distinguishes several planned times of one entry; each gets its own job"),
    .optional("notAfter", "the time after which it is too late: nothing is done then, and the job is dead"),
  ]

  /// The fields of both kinds' results.
  static let resultFields = ["entry", "enabled", "engine", "application", "unchanged", "unread"]

  private static let effect = "switch"

  func run(_ context: JobContext) async throws -> MapEntrySwitchResult {
    let isLate = entry.deadline.map { context.clock.now() >= $0 } ?? false
    // Only a request that was sent in time may have taken effect.
    if isLate, try await !context.hasAsked(for: Self.effect) { throw tooLate("nothing was done") }
    let engine = try await clients.engine(entry.engine)
    if isLate { return try await resultInTime(engine) }
    let made = try await context.effect(
      // If asked twice, the engine does nothing more.
      Self.effect, lateEffectWindow: .zero,
      find: { _ in try await present(engine, context).enabled == enabled ? .found(entry.entryName) : .absent },
      perform: {
        try await turn(engine)
        return entry.entryName
      }
    ).origin
    var told = try await present(engine, context).enabled
    if let before = told, before != enabled {
      // Someone switched it back, or the engine shows it late.
      context.note("\(place) is still \(Self.word(before)); asking again")
      try await turn(engine)
      told = try await present(engine, context).enabled
    }
    try await verify(told, context)
    return result(unchanged: made == .adopted, told)
  }

  private func result(unchanged: Bool, _ told: Bool?) -> MapEntrySwitchResult {
    MapEntrySwitchResult(
      engine: entry.engine, application: entry.application, entry: entry.entryName, enabled: enabled,
      unchanged: unchanged, unread: told == nil ? ["enabled"] : nil)
  }

  /// What became of a request whose response did not arrive in time: the entry is read, and nothing more is requested.
  private func resultInTime(_ engine: WowzaEngineClient) async throws -> MapEntrySwitchResult {
    let found = try await engine.mapEntry(entry.entryName, application: entry.application)
    if found?.enabled == enabled { return result(unchanged: false, enabled) }
    let now = found.map { $0.enabled.map { "is \(Self.word($0))" } ?? "does not say what it is" } ?? "is not there"
    throw tooLate("it was asked for, and the entry \(now)")
  }

  /// A start after the planned stop would never be ended, and a stop after the next start would end the wrong show.
  private func tooLate(_ what: String) -> Verdict {
    .dead(
      Failure(
        code: "too-late",
        message: "\(place) was to be \(Self.word(enabled)) before \(entry.notAfter ?? ""), which has passed; \(what)",
        hint: "rundown jobs show says what kept it waiting; enqueue it again if it is still wanted"))
  }

  private func present(_ engine: WowzaEngineClient, _ context: JobContext) async throws -> MapEntry {
    let missing = MissingSince(checkpoint: "entry-missing-since", context: context)
    if let found = try await engine.mapEntry(entry.entryName, application: entry.application) {
      try await missing.clear()
      return found
    }
    if let pause = try await missing.pause() {
      throw Verdict.snooze(for: pause, why: "\(place) is not there yet")
    }
    throw Verdict.dead(
      Failure(
        code: "no-entry", message: "no such map entry: \(entry.entryName) of \(entry.engine)/\(entry.application)",
        hint: "check the names of the application and the entry, or create the entry first"))
  }

  private func turn(_ engine: WowzaEngineClient) async throws {
    try await engine.turn(entry.entryName, on: enabled, application: entry.application)
  }

  private func verify(_ told: Bool?, _ context: JobContext) async throws {
    let unchanged = MissingSince(checkpoint: "unchanged-since", context: context)
    guard let told, told != enabled else { return try await unchanged.clear() }
    if let pause = try await unchanged.pause() {
      throw Verdict.snooze(for: pause, why: "\(place) is still \(Self.word(told))")
    }
    throw Verdict.dead(
      Failure(
        code: "differs", message: "\(place) is still \(Self.word(told)), although the engine accepted the request",
        hint: "check who else changes it, and the engine's log"))
  }

  private static func word(_ enabled: Bool) -> String { enabled ? "enabled" : "disabled" }

  private var place: String { "map entry \(entry.entryName) of \(entry.engine)/\(entry.application)" }
}
