public import HTTPTransport
public import JobQueue

/// The result of looking for one job.
public enum LookResult: Sendable, Hashable {
  /// Its standing at the provider; nil if that cannot be found out.
  case stands(Standing?)
  /// Nobody knows.
  case failed(LookFailure)
}

/// Looks at the providers for many jobs: at all connections at the same time, and through each connection for a few
/// jobs at a time. A connection that cannot be reached is not used again.
public struct ProviderScan: Sendable {
  private let kinds: JobKinds
  private let look: ProviderLook
  private let secrets: SentSecrets?
  private let atOnce: [String: Int]
  private static let usuallyAtOnce = 4

  /// Prepares a scan.
  /// - Parameters:
  ///   - look: does the looking, and counts the requests.
  ///   - kinds: the available job kinds.
  ///   - secrets: words that no text may contain.
  ///   - atOnce: by gate, for how many jobs to look at the same time.
  public init(_ look: ProviderLook, kinds: JobKinds = .streaming, secrets: SentSecrets?, atOnce: [String: Int] = [:]) {
    self.look = look
    self.kinds = kinds
    self.secrets = secrets
    self.atOnce = atOnce
  }

  /// Looks for each of these jobs.
  /// - Parameter jobs: the jobs, by numbers of the caller's choice.
  /// - Returns: a result for each.
  public func results(of jobs: [Int: NewJob]) async -> [Int: LookResult] {
    let byGate = Dictionary(grouping: jobs.keys.sorted()) { jobs[$0]?.gate ?? "" }
    return await withTaskGroup(of: [Int: LookResult].self) { group in
      for (gate, numbers) in byGate {
        let own = jobs.filter { ($0.value.gate ?? "") == gate }
        group.addTask { await results(of: numbers, own, gate) }
      }
      return await group.reduce(into: [:]) { $0.merge($1) { first, _ in first } }
    }
  }

  private func results(of numbers: [Int], _ jobs: [Int: NewJob], _ gate: String) async -> [Int: LookResult] {
    let width = max(1, atOnce[gate] ?? Self.usuallyAtOnce)
    return await withTaskGroup(of: (Int, LookResult).self) { group in
      var results: [Int: LookResult] = [:]
      var failure: LookFailure?
      var rest = numbers[...]
      for number in rest.prefix(width) { group.addTask { (number, await result(jobs[number])) } }
      rest = rest.dropFirst(width)
      while let (number, result) = await group.next() {
        results[number] = result
        if case .failed(let found) = result, found.isOfConnection {
          failure = failure ?? found
          results[number] = .failed(failure ?? found)
        }
        guard failure == nil, let next = rest.popFirst() else { continue }
        group.addTask { (next, await self.result(jobs[next])) }
      }
      if let failure { for number in rest { results[number] = .failed(failure) } }
      return results
    }
  }

  private func result(_ job: NewJob?) async -> LookResult {
    guard let job, let kind = kinds.named(job.kind) else { return .stands(nil) }
    // A word from the job's own parameters is not hidden, because it is in the manifest.
    let sent = SentSecrets(sharing: secrets, besides: job.payload)
    return await SentSecrets.$current.withValue(sent) {
      do {
        return .stands(try await kind.standing(job.payload, look)?.telling { sent.redact($0) })
      } catch {
        var failure = LookFailure(error, gate: job.gate)
        failure.reason = sent.redact(failure.reason)
        return .failed(failure)
      }
    }
  }
}

extension Standing {
  /// The same failure, with every text from a provider passed through a filter.
  fileprivate func telling(_ clean: (String) -> String) -> Standing {
    func cleaned(_ differences: [FieldDifference]) -> [FieldDifference] {
      differences.map { FieldDifference(field: $0.field, found: $0.found.map(clean), wanted: $0.wanted) }
    }
    return switch self {
    case .missing, .asAsked: self
    case .changes(let differences): .changes(cleaned(differences))
    case .refuses(let differences): .refuses(cleaned(differences))
    case .blocked(let why): .blocked(clean(why))
    }
  }
}
