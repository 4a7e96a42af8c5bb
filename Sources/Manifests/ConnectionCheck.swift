import AWSClient
package import Settings

/// Refuses jobs that name a connection which is not in the configuration, or a region which their connection cannot
/// have.
///
/// A missing connection is refused only if others are configured: workers may run where the connections are known. Only
/// there is it known whether a connection leads to AWS, where regions are limited, or to another server.
package struct ConnectionCheck {
  private let connections: Connections

  /// Checks against the connections of these settings.
  package init(_ settings: Settings) {
    connections = settings.connections
  }

  /// - Throws: everything that is wrong with the connections and regions of the jobs.
  package func check(_ uses: [ConnectionUse]) throws(JobFileProblems) {
    let errors = diagnostics(on: uses).filter { $0.severity == .error }
    guard errors.isEmpty else { throw JobFileProblems(diagnostics: errors) }
  }

  /// All errors and warnings about the connections and regions of the jobs, each once.
  package func diagnostics(on uses: [ConnectionUse]) -> [Diagnostic] { names(uses) + regions(uses) }

  private func names(_ uses: [ConnectionUse]) -> [Diagnostic] {
    let sections = Connections.kinds.map { (name: $0.section, known: connections.names(in: $0.section)) }
    guard sections.contains(where: { !$0.known.isEmpty }) else { return [] }
    var told: Set<String> = []
    return uses.compactMap { use in
      guard let section = sections.first(where: { $0.name == use.section }), !section.known.contains(use.name),
        told.insert("\(use.section).\(use.name)").inserted
      else { return nil }
      let near = Suggestion.nearest(to: use.name, among: section.known)
      let known = section.known.isEmpty ? "none" : section.known.joined(separator: ", ")
      return Diagnostic(
        code: "RD0210",
        message: "no connection \"\(use.name)\" under connections.\(use.section) in the configuration",
        location: use.place, notes: ["known: \(known)"],
        help: near.map { "did you mean \"\($0)\"?" } ?? "add it to the configuration")
    }
  }

  private func regions(_ uses: [ConnectionUse]) -> [Diagnostic] {
    var told: Set<String> = []
    return uses.compactMap { use in
      guard let region = use.region, leadsToAWS(use) else { return nil }
      switch AWSRegion.standing(of: region) {
      case .known: return nil
      // The parameters of other kinds have already been refused for this.
      case .wrong where use.section != AWSConnection.section: return nil
      case .wrong(let nearest):
        guard told.insert(region).inserted else { return nil }
        return diagnostic(
          on: use, "RD0205", .error, "region: \(AWSRegion.refusal(of: region))", AWSRegion.help(nearest: nearest))
      case .unknown(let nearest):
        guard told.insert(region).inserted else { return nil }
        return diagnostic(
          on: use, "RD0215", .warning, "region: '\(region)' is not an AWS region that Rundown knows",
          nearest.map { "unless it is a new region: did you mean \($0)?" }
            ?? "check the spelling, unless it is a new region")
      }
    }
  }

  /// Whether the region must be one of AWS: engines push to AWS, and Wowza Video fetches from there.
  private func leadsToAWS(_ use: ConnectionUse) -> Bool {
    guard use.section == AWSConnection.section else { return true }
    return connections.aws[use.name].map { $0.value.endpoint == nil } ?? false
  }

  private func diagnostic(
    on use: ConnectionUse, _ code: String, _ severity: Diagnostic.Severity, _ message: String, _ help: String
  ) -> Diagnostic {
    Diagnostic(
      code: code, severity: severity, message: message, location: use.regionPlace,
      flag: use.regionPlace == nil ? "--region" : nil, help: help)
  }
}
