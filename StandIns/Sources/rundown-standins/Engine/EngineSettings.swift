/// How one stand-in of the Streaming Engine behaves.
struct EngineSettings: Codable, Sendable, Equatable {
  /// `AuthenticationMethod` of the engine's Server.xml, digest split by the encoding of the password file.
  enum Authentication: String, Codable, Sendable, CaseIterable {
    case none, basic
    case digestMD5 = "digest-md5"
    case digestSHA256 = "digest-sha256"
  }

  /// What a PUT does to fields that its body leaves out; which of the two a real engine does is not known.
  enum PutSemantics: String, Codable, Sendable, CaseIterable {
    case merge, replace
  }

  var authentication = Authentication.basic
  var putSemantics = PutSemantics.replace
  /// Seconds for which a Digest nonce is fresh.
  var nonceLifetime = 300.0
  /// Where a GET shows an entry's options.
  var optionsReading = EntryReading.Options.nested
  /// What a GET shows of storage keys.
  var keysReading = EntryReading.Keys.clear
  /// The status that answers a create of a name that exists.
  var duplicateStatus = 409
}

/// Who may call an engine.
struct EngineAccount: Sendable {
  var user = "wse"
  var password = "wse-secret"
}
