/// How an engine shows a map entry. The documentation leaves it open; each of these is a possible reading of it.
struct EntryReading: Sendable {
  /// Where a GET shows `extraOptions`.
  enum Options: String, Codable, Sendable, CaseIterable {
    /// In an object of their own, as they were sent.
    case nested
    /// Next to the other fields, as in the engine's own file.
    case flat
    /// As the text of a JSON object.
    case text
    /// In an object whose values are all texts.
    case strings
    /// Not at all.
    case absent
  }

  /// What a GET shows of an access key's id and secret.
  enum Keys: String, Codable, Sendable, CaseIterable {
    case clear, masked, absent
  }

  /// As it was sent, for the control API.
  static let asStored = EntryReading(options: .nested, keys: .clear)

  let options: Options
  let keys: Keys

  /// The entry as a GET shows it.
  func shown(_ entry: [String: JSONValue]) -> [String: JSONValue] {
    var entry = entry
    guard var told = entry.removeValue(forKey: "extraOptions")?.object else { return entry }
    for key in ["cloudstorage.accessID", "cloudstorage.secretAccessKey"] where told[key] != nil {
      switch keys {
      case .clear: break
      case .masked: told[key] = key.hasSuffix("ID") ? "AKID****" : "********"
      case .absent: told[key] = nil
      }
    }
    switch options {
    case .nested: entry["extraOptions"] = .object(told)
    case .flat: entry.merge(told) { own, _ in own }
    case .text:
      // A separate seed: the order of the keys inside the text does not matter.
      var random = SeededRandom(seed: 1)
      entry["extraOptions"] = .string(JSONValue.object(told).text(shuffledBy: &random))
    case .strings: entry["extraOptions"] = .object(told.mapValues(Self.asText))
    case .absent: break
    }
    return entry
  }

  private static func asText(_ value: JSONValue) -> JSONValue {
    switch value {
    case .bool(let flag): .string(flag ? "true" : "false")
    case .integer(let number): .string("\(number)")
    default: value
    }
  }
}
