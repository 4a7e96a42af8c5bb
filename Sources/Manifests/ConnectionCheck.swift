import AWSClient
package import Settings

/// Refuses jobs that name a connection which the configuration does not have, or a region which their connection cannot
/// have.
///
/// What is not configured here is refused only where others are: the workers may run where the connections are known, and
/// only there it is known whether one leads to AWS, which has not every region, or to another server.
package struct ConnectionCheck {
  private let connections: Connections

  /// Checks by the connections of these settings.
  package init(_ settings: Settings) {
    connections = settings.connections
  }

  /// - Throws: everything that is wrong with what the jobs name.
  package func check(_ uses: [ConnectionUse]) throws(JobFileProblems) {
    try checkRegions(uses)
    let sections = Connections.kinds.map { (name: $0.section, known: connections.names(in: $0.section)) }
    guard sections.contains(where: { !$0.known.isEmpty }) else { return }
    var told: Set<String> = []
    var diagnostics: [Diagnostic] = []
    for use in uses {
      guard let section = sections.first(where: { $0.name == use.section }), !section.known.contains(use.name),
        told.insert("\(use.section).\(use.name)").inserted
      else { continue }
      let near = Suggestion.nearest(to: use.name, among: section.known)
      let known = section.known.isEmpty ? "there is none" : section.known.joined(separator: ", ")
      diagnostics.append(
        Diagnostic(
          code: "RD0210",
          message: "the configuration has no connection \"\(use.name)\" under connections.\(use.section)",
          location: use.place, notes: ["known: \(known)"],
          help: near.map { "did you mean \"\($0)\"?" } ?? "add it to the configuration"))
    }
    guard diagnostics.isEmpty else { throw JobFileProblems(diagnostics: diagnostics) }
  }

  private func checkRegions(_ uses: [ConnectionUse]) throws(JobFileProblems) {
    var told: Set<String> = []
    var diagnostics: [Diagnostic] = []
    for use in uses where use.section == "aws" {
      guard let connection = connections.aws[use.name]?.value, connection.endpoint == nil else { continue }
      guard let region = use.region, !AWSRegion.canBeOfAWS(region), told.insert(region).inserted else { continue }
      let message = "region: '\(region)' is no AWS region"
      let help = "such as eu-central-1"
      diagnostics.append(
        use.regionPlace.map { Diagnostic(code: "RD0205", message: message, location: $0, help: help) }
          ?? Diagnostic(code: "RD0205", message: message, flag: "--region", help: help))
    }
    guard diagnostics.isEmpty else { throw JobFileProblems(diagnostics: diagnostics) }
  }
}
