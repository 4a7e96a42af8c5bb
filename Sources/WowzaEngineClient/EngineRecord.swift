/// What a read asks for, by which the engine's own answer to it is known.
///
/// A load balancer's health page, or another product on the engine's port, answers JSON with a `name` and a `version` as
/// well. So an answer must be of the kind that was asked for: its own fields.
enum EngineRecord: Sendable {
  case serverStatus
  case applications
  case mapEntries
  case mapEntry

  /// Whether `answer` shows a record of this kind, by itself or in the envelope's `data`.
  /// - Parameter server: the name of the server in the path, which the engine repeats in what it answers.
  func isShown(by answer: EngineValue, of server: String) -> Bool {
    let record = answer.unwrapped
    let isOfServer = record["serverName"]?.text == server
    func isList(_ key: String) -> Bool {
      switch record[key] {
      case .array: true
      case .null: isOfServer
      default: false
      }
    }
    switch self {
    case .serverStatus: return record["serverVersion"]?.text != nil || record["restAPIAvailable"]?.flag != nil
    case .applications: return isList("applications")
    case .mapEntries: return isList("mapEntries")
    case .mapEntry:
      // An engine may tell of a name that does not exist by a record of defaults, with hardly more than its server's name.
      return isList("mapEntries") || record.hasEntryKey || isOfServer && !record.isOtherKind
    }
  }
}

extension EngineValue {
  /// What stands in the envelope's `data`, when something does; else the answer itself.
  var unwrapped: EngineValue {
    guard let fields = self["data"]?.fields else { return self }
    return .object(fields)
  }

  /// Keys that nothing but a map entry has, whatever it leaves out.
  private static let entryKeys = [
    "entryName", "sourceStreamName", "childProfile", "group.name", "group.streamMatcher", "sessionStatus",
    "extraOptions", "autoStartTranscoder", "cloudstorage.provider", "cloudstorage.bucketName",
  ]
  /// Keys of the other records of a server.
  private static let otherKeys = [
    "serverVersion", "restAPIAvailable", "applications", "appType", "streamConfig", "advancedSettings", "modules",
  ]

  fileprivate var hasEntryKey: Bool { Self.entryKeys.contains { self[$0] != nil } }
  fileprivate var isOtherKind: Bool { Self.otherKeys.contains { self[$0] != nil } }
}
