import Wire

extension AWSRegion {
  /// The regions of all AWS partitions: the only list of them, from botocore's `endpoints.json` of 2026. A region that
  /// is missing here still works, with a warning; see ``standing(of:)``.
  public static let known = [
    // aws
    "af-south-1", "ap-east-1", "ap-east-2", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1",
    "ap-south-2", "ap-southeast-1", "ap-southeast-2", "ap-southeast-3", "ap-southeast-4", "ap-southeast-5",
    "ap-southeast-6", "ap-southeast-7", "ca-central-1", "ca-west-1", "eu-central-1", "eu-central-2", "eu-north-1",
    "eu-south-1", "eu-south-2", "eu-west-1", "eu-west-2", "eu-west-3", "il-central-1", "me-central-1", "me-south-1",
    "mx-central-1", "sa-east-1", "us-east-1", "us-east-2", "us-west-1", "us-west-2",
    // aws-cn, aws-us-gov, aws-eusc
    "cn-north-1", "cn-northwest-1", "us-gov-east-1", "us-gov-west-1", "eusc-de-east-1",
    // aws-iso, aws-iso-b, aws-iso-e, aws-iso-f
    "us-iso-east-1", "us-iso-west-1", "us-isob-east-1", "us-isob-west-1", "eu-isoe-west-1", "us-isof-east-1",
    "us-isof-south-1",
  ]

  /// What is known about a name without asking AWS.
  public enum Standing: Sendable, Hashable {
    /// It is in the list.
    case known
    /// It may be a region that is newer than this program.
    case unknown(nearest: String?)
    /// It is not a region: malformed, or a typo.
    case wrong(nearest: String?)
  }

  /// Whether a name is one of AWS' regions. A well-formed name that is not in the list counts as a typo if it is close
  /// to a known one, and as a new region if AWS could have named one so: the next number of a place, or another point
  /// of the compass in a part of the world that has regions.
  public static func standing(of name: String) -> Standing {
    if known.contains(name) { return .known }
    let near = nearest(to: name)
    guard canBeOfAWS(name) else { return .wrong(nearest: near) }
    let (place, number) = split(name)
    if let newest = known.map(split).filter({ $0.place == place }).map(\.number).max() {
      return (1...newest + 2).contains(number) ? .unknown(nearest: near) : .wrong(nearest: near)
    }
    // A new part of the world has a name that differs from all others by more than one letter.
    let isOfCompass = compass.contains(String(place.split(separator: "-").last ?? ""))
    let isOfKnownPart = parts.contains(String(place.prefix { $0 != "-" }))
    if isOfCompass, isOfKnownPart || near.map({ EditDistance.between(name, $0) > 1 }) ?? true {
      return .unknown(nearest: near)
    }
    return near == nil ? .unknown(nearest: nil) : .wrong(nearest: near)
  }

  /// The message on a name that is not one of AWS' regions.
  public static func refusal(of name: String) -> String { "'\(name)' is not an AWS region" }

  /// What to do about such a name.
  public static func help(nearest: String?) -> String {
    nearest.map { "did you mean \($0)?" } ?? "write one such as eu-central-1"
  }

  private static let compass: Set = [
    "north", "east", "south", "west", "northeast", "northwest", "southeast", "southwest", "central",
  ]

  /// The parts of the world that have regions: `eu`, `us`.
  private static let parts = Set(known.map { String($0.prefix { $0 != "-" }) })

  private static func split(_ name: String) -> (place: String, number: Int) {
    let end = name.lastIndex(of: "-") ?? name.endIndex
    return (String(name[..<end]), Int(name[end...].dropFirst()) ?? 0)
  }

  /// The nearest region, at most two typos away.
  private static func nearest(to name: String) -> String? {
    guard name.utf8.count <= 40 else { return nil }
    let lowercased = name.lowercased()
    return known.map { (distance: EditDistance.between(lowercased, $0), name: $0) }
      .filter { $0.distance <= 2 }.min { $0 < $1 }?.name
  }
}
