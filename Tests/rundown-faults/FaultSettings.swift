import Glibc
import SQLiteFaultKit

/// The words of the command line: `name=value` pairs.
struct FaultSettings: Sendable {
  /// Where the files lie, and are removed from.
  let place: String
  /// What chance begins with.
  var seed: UInt64 = 1
  /// How many points; nil for all.
  var points: Int?
  /// The points of this verb; nil for those of all.
  var verb: String?
  /// Of so many parts of the run, this one is run.
  var shares = 1
  var share = 0
  /// This point alone.
  var only: FaultPoint?
  var bug: PlantedBug?

  init(_ words: [String]) throws {
    for word in words {
      let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2 else { throw FaultKitError(words: "'\(word)' is not name=value") }
      let number = Int(parts[1])
      switch (parts[0], number) {
      case ("seed", _): seed = UInt64(parts[1]) ?? seed
      case ("points", let number?): points = number
      case ("verb", _): verb = parts[1]
      case ("shares", let number?): shares = max(number, 1)
      case ("share", let number?): share = number
      case ("only", _): only = FaultPoint(words: parts[1])
      case ("bug", _): bug = PlantedBug(rawValue: parts[1])
      default: throw FaultKitError(words: "'\(word)' is not known")
      }
    }
    let parent = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp"
    var template = Array("\(parent)/rundown-faults.XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw FaultKitError(words: "no folder can be made in \(parent)") }
    place = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
