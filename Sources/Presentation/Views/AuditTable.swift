package import JobQueue

/// What operators did, for a person.
package enum AuditTable {
  package static func rendered(_ entries: [AuditEntry], times: TimeFormat, for terminal: Terminal) -> String {
    var table = Table([
      .init("AT"), .init("WHO", minimum: 10), .init("VERB"), .init("COUNT", isNumber: true), .init("WHAT", minimum: 12),
    ])
    for entry in entries {
      table.add([
        .init(times.absolute(entry.at)), .init(entry.who), .init(entry.verb.rawValue), .init("\(entry.count)"),
        .init(entry.filter),
      ])
    }
    return table.rendered(for: terminal)
  }
}

/// An entry of the audit as `--json` shows it.
package struct AuditView: Encodable {
  var id: Int64
  var at: String
  var who: String
  var verb: String
  var filter: String
  var count: Int

  package init(_ entry: AuditEntry) {
    id = entry.id
    at = TimeText.exact(entry.at)
    who = entry.who
    verb = entry.verb.rawValue
    filter = entry.filter
    count = entry.count
  }
}
