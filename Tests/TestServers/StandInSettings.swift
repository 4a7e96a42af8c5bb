import FoundationEssentials

/// Settings of a stand-in as its control API takes them; docs/stand-ins.md says what each means. What is nil stays as it is.
package protocol StandInSettings: Encodable, Sendable {}

extension StandInSettings {
  /// The body that asks for them; nil when nothing was set.
  func patch() throws -> String? {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let body = String(decoding: try encoder.encode(self), as: UTF8.self)
    return body == "{}" ? nil : body
  }
}

/// How the stand-in of Wowza Video behaves.
package struct VideoSettings: StandInSettings {
  package enum StartOutcome: String, Encodable, Sendable { case started, stopped, stuck }
  package enum AssetTelling: String, Encodable, Sendable { case told, missing, null }
  package enum TargetFields: String, Encodable, Sendable { case all, guide }
  package enum RepeatedStart: String, Encodable, Sendable { case refused, accepted }
  package enum EarlyStop: String, Encodable, Sendable { case accepted, refused }
  package enum Pagination: String, Encodable, Sendable {
    case full, noTotals, empty, null, missing, zero, tooSmall, tooLarge, ownPage
  }

  package var startDelay, stopDelay, liveStreamWindow, cacheSeconds, hiddenSeconds, stateLag: Double?
  package var liveStreamLimit: Int?
  package var startOutcome: StartOutcome?
  package var liveStreamAsset: AssetTelling?
  package var targetFields: TargetFields?
  package var repeatedStart: RepeatedStart?
  package var earlyStop: EarlyStop?
  package var pagination: Pagination?

  /// Nothing set.
  package init() {}
}

/// How a stand-in of the Streaming Engine behaves.
package struct EngineSettings: StandInSettings {
  /// How it authenticates.
  package enum Authentication: String, Encodable, Sendable, CaseIterable {
    case none, basic
    case digestMD5 = "digest-md5"
    case digestSHA256 = "digest-sha256"
  }

  package var authentication: Authentication?
  package var nonceLifetime: Double?

  /// Nothing set.
  package init() {}
}

/// How an engine tells a map entry.
package enum EntryReading {
  /// Where a GET shows an entry's options.
  package enum Options: String, Encodable, Sendable, CaseIterable {
    case nested, flat, text, strings, absent
  }

  /// What a GET shows of storage keys.
  package enum Keys: String, Encodable, Sendable, CaseIterable {
    case clear, masked, absent
  }
}
