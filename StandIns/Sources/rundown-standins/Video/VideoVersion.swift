/// The versions of the Wowza Video REST API and their differences.
enum VideoVersion: String, Sendable, CaseIterable {
  case v1_6 = "1.6"
  case v1_7 = "1.7"
  case v1_8 = "1.8"
  case v1_9 = "1.9"
  case v1_10 = "1.10"
  case v1_11 = "1.11"
  case v2_0 = "2.0"

  /// API key and access key, plain or as HMAC: removed in 1.9.
  var takesKeys: Bool {
    switch self {
    case .v1_6, .v1_7, .v1_8: true
    case .v1_9, .v1_10, .v1_11, .v2_0: false
    }
  }

  /// Bearer tokens and assets both came with 1.8.
  var takesBearer: Bool {
    switch self {
    case .v1_6, .v1_7: false
    case .v1_8, .v1_9, .v1_10, .v1_11, .v2_0: true
    }
  }

  var hasAssets: Bool { takesBearer }

  var hasRealTime: Bool { self != .v1_6 }

  /// State and stop of a real-time stream came with 2.0.
  var controlsRealTime: Bool { self == .v2_0 }

  /// The path word of the CDN targets; the wrappers of bodies are derived from it.
  var targetKind: String {
    self == .v2_0 ? "wowza_cdn" : "fastly"
  }

  /// 1.x does not show the state in the live stream itself: there is an endpoint for it.
  var showsStateInStream: Bool {
    self == .v2_0
  }
}
