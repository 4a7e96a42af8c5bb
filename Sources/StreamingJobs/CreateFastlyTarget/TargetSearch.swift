import HTTPTransport
import JobQueue
import WowzaVideoClient

/// Looks for the job's target before requesting one: the provider creates another for each request.
///
/// Ours is the one with our name and origin. If a service reports less, what it reports decides: lists contain only
/// names, and in the vendor's guide not even a complete record contains its origin.
struct TargetSearch {
  let video: WowzaVideoClient
  let parameters: CreateFastlyTarget
  let context: JobContext

  /// The maximum number of targets with other names whose origin is looked up: 200 s at the account's pace, multiplied
  /// by the number of jobs that do so at the same time.
  private static let mostOthers = 1000
  /// Progress is saved after this many, so that an attempt that runs out of time is continued there.
  private static let othersAtOnce = 20
  private static let passed = "targets-passed"
  private static let lookedAtOthers = "others-looked-at"

  private struct Seen {
    /// In full, not archived.
    var targets: [StreamTarget] = []
    /// Listed but not readable, and why.
    var hidden: [(target: StreamTarget, why: String)] = []
  }

  /// The id of our target; nil if there is none.
  /// - Parameter doubt: what is known about earlier requests of ours; nil if there was none.
  func found(_ doubt: EffectRecord?) async throws -> String? {
    let listed = try await WholeList(context: context).look { try await video.streamTargets() }
    let name = parameters.targetName
    let seen = try await look(at: listed.filter { $0.name == nil || $0.name == name })
    let named = seen.targets.filter { $0.name == name }
    if let ours = try ours(among: named) { return ours.id }
    // A target that the list does not name could also be the result of a lost request.
    try await wait(for: seen.hidden.filter { $0.target.name == name || doubt != nil })
    guard named.isEmpty else { throw taken(named) }
    if !parameters.mayShareOrigin { try await refuseOthers(seen, listed, isInDoubt: doubt != nil) }
    return nil
  }

  /// Looks at the targets with other names before this job sends its request; once is enough, because what its own lost
  /// request created has our name. The result of a cancelled job's lost request, whose doubt this job has inherited,
  /// may have another name, so in that case every look is complete.
  private func refuseOthers(_ seen: Seen, _ listed: [StreamTarget], isInDoubt: Bool) async throws {
    // The notes of the cancelled job have come to this one, too.
    let looker = context.job.id.description
    if isInDoubt, try await context.checkpoint(Self.lookedAtOthers, as: String.self) == looker { return }
    let name = parameters.targetName
    try await refuseSameOrigin(
      seen.targets.filter { $0.name != name }, listed.filter { $0.name != nil && $0.name != name })
    if !isInDoubt { try await context.checkpoint(Self.lookedAtOthers, looker) }
  }

  private func ours(among named: [StreamTarget]) throws -> StreamTarget? {
    let same = named.filter { Origin.same($0.originURL, parameters.origin) }
    // If a service reports no origin, a target can only be identified by its name.
    let ours = same.isEmpty ? named.filter { $0.originURL == nil } : same
    if ours.count > 1 {
      throw Verdict.hold(
        why: "\(ours.count) stream targets are named \(parameters.targetName) with this origin:"
          + " \(ours.map(\.id).joined(separator: ", ")); remove all but one, then retry the job")
    }
    if same.isEmpty, let ours = ours.first {
      context.note("stream target \(ours.id) is matched by name: the service does not say what its origin is")
    }
    return ours.first
  }

  private func look(at listed: [StreamTarget]) async throws -> Seen {
    var seen = Seen()
    for target in listed {
      switch target.originURL == nil ? try await video.sightOfStreamTarget(target.id) : .seen(target) {
      case .deleted: break
      case .unknown: seen.hidden.append((target, "listed but not found"))
      case .refused(let error): seen.hidden.append((target, "cannot be read: \(error.message)"))
      case .seen(var whole):
        // The record itself is newer than the list; the list's name is used only if the record has none.
        whole.name = whole.name ?? target.name
        if whole.state?.lowercased() != "archived" { seen.targets.append(whole) }
      }
    }
    return seen
  }

  /// Targets that have our name but do not show what they serve: a request could create a second one.
  private func wait(for hidden: [(target: StreamTarget, why: String)]) async throws {
    let missing = MissingSince(checkpoint: "target-hidden-since", context: context)
    guard !hidden.isEmpty else { return try await missing.clear() }
    let names = hidden.map { "\($0.target.id) (\($0.why))" }.joined(separator: ", ")
    let why = "the name \(parameters.targetName) is taken by stream targets whose origin cannot be read: \(names)"
    if let pause = try await missing.pause() { throw Verdict.snooze(for: pause, why: why) }
    throw Verdict.hold(
      why: why + "; make them visible to this account or remove them, then retry the job, or use another name")
  }

  private func taken(_ named: [StreamTarget]) -> Verdict {
    let seen = named.map { "\($0.id) with \($0.originURL ?? "none")" }.joined(separator: ", ")
    return .dead(
      Failure(
        code: "differs",
        message: "the name \(parameters.targetName) is taken by a stream target with another origin: \(seen),"
          + " not \(parameters.origin)",
        hint: "use another name, or remove that target"))
  }

  private func servesOrigin(_ target: StreamTarget) -> Bool {
    target.originURL.map { Origin.place(of: $0) == Origin.place(of: parameters.origin) } ?? false
  }

  /// One target is enough for a bucket; a second one is billed and fills its own cache.
  private func refuseSameOrigin(_ seen: [StreamTarget], _ listed: [StreamTarget]) async throws {
    guard listed.count <= Self.mostOthers else {
      throw Verdict.hold(
        why: "the account has more than \(Self.mostOthers) stream targets, too many to check whether one already serves"
          + " \(parameters.origin); cancel the job and enqueue it again with --allow-same-origin true")
    }
    var passed = try await context.checkpoint(Self.passed, as: Set<String>.self) ?? []
    var same = seen.filter(servesOrigin)
    var left = listed.filter { !passed.contains($0.id) }[...]
    while !left.isEmpty, same.isEmpty {
      let some = left.prefix(Self.othersAtOnce)
      left = left.dropFirst(some.count)
      same = try await look(at: Array(some)).targets.filter(servesOrigin)
      passed.formUnion(some.map(\.id))
      if same.isEmpty, !left.isEmpty { try await context.checkpoint(Self.passed, passed, isProgress: true) }
    }
    // A later attempt, such as one after a retry, looks again.
    if try await context.checkpoint(Self.passed, as: Set<String>.self) != nil {
      try await context.removeCheckpoints([Self.passed])
    }
    guard let first = same.first else { return }
    let names = same.map { "\($0.id) '\($0.name ?? "without a name")'" }.joined(separator: ", ")
    throw Verdict.dead(
      Failure(
        code: "same-origin", message: "\(parameters.origin) is already served by stream target \(names)",
        hint: "use that one (\(first.name.map { "--name '\($0)'" } ?? "by its id")), or create a second one"
          + " with --allow-same-origin true"))
  }
}
