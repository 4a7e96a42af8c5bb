import Manifests
import Settings

/// Refuses jobs that name a connection which the configuration does not have.
///
/// Without any connection configured here nothing is refused: the workers may run where they are known.
struct ConnectionCheck {
  private let connections: Connections

  init(_ settings: Settings) {
    connections = settings.connections
  }

  func check(_ uses: [ConnectionUse]) throws {
    let sections: [(name: String, known: [String])] = [
      ("engines", Array(connections.engines.keys)), ("aws", Array(connections.aws.keys)),
      ("wowzaVideo", Array(connections.wowzaVideo.keys)), ("pushCredentials", Array(connections.pushCredentials.keys)),
    ]
    guard sections.contains(where: { !$0.known.isEmpty }) else { return }
    var told: Set<String> = []
    var diagnostics: [Diagnostic] = []
    for use in uses {
      guard let section = sections.first(where: { $0.name == use.section }), !section.known.contains(use.name),
        told.insert("\(use.section).\(use.name)").inserted
      else { continue }
      let near = Suggestion.nearest(to: use.name, among: section.known)
      let known = section.known.isEmpty ? "there is none" : section.known.sorted().joined(separator: ", ")
      diagnostics.append(
        Diagnostic(
          code: "RD0210",
          message: "the configuration has no connection \"\(use.name)\" under connections.\(use.section)",
          location: use.place, notes: ["known: \(known)"],
          help: near.map { "did you mean \"\($0)\"?" } ?? "add it to the configuration"))
    }
    guard diagnostics.isEmpty else { throw CommandError.files(diagnostics) }
  }
}
