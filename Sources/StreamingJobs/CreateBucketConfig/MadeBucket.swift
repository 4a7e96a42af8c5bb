/// The bucket that a job made or found, as its effect's result.
struct MadeBucket: Codable, Sendable, Hashable {
  var name: String
  /// Where it is; nil in what earlier versions wrote down.
  var region: String?

  init(name: String, region: String?) {
    self.name = name
    self.region = region
  }

  /// Reads also what earlier versions wrote down: the name alone.
  init(from decoder: any Decoder) throws {
    if let name = try? decoder.singleValueContainer().decode(String.self) {
      (self.name, region) = (name, nil)
    } else {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      name = try container.decode(String.self, forKey: .name)
      region = try container.decodeIfPresent(String.self, forKey: .region)
    }
  }
}
