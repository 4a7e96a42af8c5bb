/// What a read requests, which is how the engine's own answer is recognised.
///
/// A load balancer's health page, or another product on the engine's port, may also answer JSON with a `name` and a
/// `version`. So an answer must have the fields of the requested kind of record.
enum EngineRecord: Sendable {
  case serverStatus
  case applications
  case mapEntries
  case mapEntry

  /// Whether `answer` contains a record of this kind, by itself or in the envelope's `data`.
  /// - Parameter server: the name of the server in the path, which the engine repeats in its answer.
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
      // For a name that does not exist, an engine may answer with a record of defaults that has little more than its
      // server's name.
      return isList("mapEntries") || record.hasEntryKey || isOfServer && !record.isOtherKind
    }
  }
}

extension EngineValue {
  /// The content of the envelope's `data`, if there is any; otherwise the answer itself.
  var unwrapped: EngineValue {
    guard let fields = self["data"]?.fields else { return self }
    return .object(fields)
  }

  /// Keys that only a map entry has, whatever it omits.
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
