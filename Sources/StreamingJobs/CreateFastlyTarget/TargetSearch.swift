import HTTPTransport
import JobQueue
import WowzaVideoClient

/// Looks for the target that a job is to make before it asks for one: the provider makes another each time.
///
/// Ours is what has the name and the origin. A service that tells less is taken by what it tells: lists hold names only,
/// and in the vendor's guide not even a whole record tells its origin.
struct TargetSearch {
  let video: WowzaVideoClient
  let parameters: CreateFastlyTarget
  let context: JobContext

  /// Targets of other names that are looked at for their origin: 200 s at the account's pace, and as many times that as
  /// there are jobs which look at once.
  private static let mostOthers = 1000
  /// So many are looked at before it is written down how far it went: an attempt that runs out of time then goes on there.
  private static let othersAtOnce = 20
  private static let passed = "targets-passed"
  private static let lookedAtOthers = "others-looked-at"

  private struct Seen {
    /// In full, not archived.
    var targets: [StreamTarget] = []
    /// Listed and not shown, and why.
    var hidden: [(target: StreamTarget, why: String)] = []
  }

  /// The id of the target that is ours; nil when there is none.
  /// - Parameter doubt: what is known of earlier requests of ours; nil when there was none.
  func found(_ doubt: EffectRecord?) async throws -> String? {
    let listed = try await WholeList(context: context).look { try await video.streamTargets() }
    let name = parameters.targetName
    let seen = try await look(at: listed.filter { $0.name == nil || $0.name == name })
    let named = seen.targets.filter { $0.name == name }
    if let ours = try ours(among: named) { return ours.id }
    // One that the list does not name either could be what a lost request made.
    try await wait(for: seen.hidden.filter { $0.target.name == name || doubt != nil })
    guard named.isEmpty else { throw taken(named) }
    if !parameters.mayShareOrigin { try await refuseOthers(seen, listed, isInDoubt: doubt != nil) }
    return nil
  }

  /// Looks at the targets of other names before this job asks, and once is enough: what its own lost request makes has our
  /// name. That of a cancelled job before it, whose doubt this one has, may have another, so then each look is whole.
  private func refuseOthers(_ seen: Seen, _ listed: [StreamTarget], isInDoubt: Bool) async throws {
    // What the cancelled job wrote down has come to this one too.
    let looker = context.job.id.description
    if isInDoubt, try await context.checkpoint(Self.lookedAtOthers, as: String.self) == looker { return }
    let name = parameters.targetName
    try await refuseSameOrigin(
      seen.targets.filter { $0.name != name }, listed.filter { $0.name != nil && $0.name != name })
    if !isInDoubt { try await context.checkpoint(Self.lookedAtOthers, looker) }
  }

  private func ours(among named: [StreamTarget]) throws -> StreamTarget? {
    let same = named.filter { Origin.same($0.originURL, parameters.origin) }
    // Of a service that tells no origin the name is all that there is to know a target by.
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
        // The record itself is newer than the list; only where it tells no name the list's word stands.
        whole.name = whole.name ?? target.name
        if whole.state?.lowercased() != "archived" { seen.targets.append(whole) }
      }
    }
    return seen
  }

  /// Targets that have our name and do not show what they serve: asking could make a second one.
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

  /// One target is enough for a bucket; a second one is billed and fetched for itself.
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
    // A later attempt, after a person's retry for one, looks anew.
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
