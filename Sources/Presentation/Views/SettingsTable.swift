package import Settings

/// Every setting in effect, for people.
package enum SettingsTable {
  /// - Parameter withOrigin: whether to show where each setting comes from.
  package static func rendered(_ settings: Settings, withOrigin: Bool, for terminal: Terminal) -> String {
    var table = Table(
      [.init("SETTING"), .init("VALUE", minimum: 20)] + (withOrigin ? [.init("SET BY", minimum: 12)] : []), note: "")
    for row in SettingView.all(of: settings) {
      // Addresses are never cut: on a terminal, long values go below their setting.
      let isLong = terminal.width.map { row.value.count > $0 / 3 } ?? false
      table.add(
        [.init(row.key), .init(isLong ? "" : row.value)] + (withOrigin ? [.init(row.origin, .grey)] : []),
        note: .init(isLong ? row.value : ""))
    }
    return table.rendered(for: terminal)
  }
}

/// A setting as `--json` shows it. Secrets are references.
package struct SettingView: Encodable {
  var key: String
  var value: String
  var origin: String

  /// Every setting in effect.
  package static func all(of settings: Settings) -> [SettingView] {
    var rows: [SettingView] = []
    func add<Value>(_ key: String, _ value: Sourced<Value>, _ shown: (Value) -> String = { "\($0)" }) {
      rows.append(SettingView(key: key, value: shown(value.value), origin: "\(value.origin)"))
    }
    add("database", settings.database)
    add("storeGroup", settings.storeGroup) { $0.isEmpty ? "none" : $0 }
    add("retentionDays", settings.retentionDays)
    add("logging.level", settings.loggingLevel)
    add("worker.concurrency", settings.concurrency)
    for (queue, count) in settings.queueConcurrency.sorted(by: { $0.key < $1.key }) {
      add("worker.queues.\(queue)", count)
    }
    add("worker.leaseSeconds", settings.leaseSeconds)
    add("worker.shutdownGraceSeconds", settings.shutdownGraceSeconds)
    for (kind, seconds) in settings.jobTimeoutSeconds.sorted(by: { $0.key < $1.key }) {
      add("worker.jobTimeoutSeconds.\(kind)", seconds)
    }
    add("uploads.roots", settings.uploadRoots) { $0.isEmpty ? "any" : $0.joined(separator: "  ") }
    for entry in settings.connections.all {
      add("connections.\(entry.section).\(entry.name)", entry.connection) {
        $0.words(span: TimeText.span).joined(separator: "  ")
      }
    }
    return rows
  }
}
