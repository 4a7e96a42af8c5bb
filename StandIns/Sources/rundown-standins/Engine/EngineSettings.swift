/// How one stand-in of the Streaming Engine behaves.
struct EngineSettings: Codable, Sendable, Equatable {
  /// `AuthenticationMethod` of the engine's Server.xml, with digest divided by the encoding of the password file.
  enum Authentication: String, Codable, Sendable, CaseIterable {
    case none, basic
    case digestMD5 = "digest-md5"
    case digestSHA256 = "digest-sha256"
  }

  /// What a PUT does to fields that its body omits; it is not known which of the two a real engine does.
  enum PutSemantics: String, Codable, Sendable, CaseIterable {
    case merge, replace
  }

  var authentication = Authentication.basic
  var putSemantics = PutSemantics.replace
  /// How many seconds a Digest nonce is fresh.
  var nonceLifetime = 300.0
  /// Where a GET shows an entry's options.
  var optionsReading = EntryReading.Options.nested
  /// What a GET shows of storage keys.
  var keysReading = EntryReading.Keys.clear
  /// The status of the answer to a create with an existing name.
  var duplicateStatus = 409
}

/// Who may call an engine.
struct EngineAccount: Sendable {
  var user = "wse"
  var password = "wse-secret"
}
