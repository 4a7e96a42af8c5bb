import JobQueueTestKit
import SQLiteFaultKit

/// One fault in one verb, and what comes after it.
struct FaultPoint: Sendable, Hashable {
  /// What happens until the power is lost.
  enum Aftermath: String, Sendable, CaseIterable {
    /// The process goes on.
    case goesOn = "goes-on"
    /// It dies, and another one opens the file.
    case dies
    /// It ends, and another one opens the file.
    case closes
    /// Another one opens the file beside it, and both go on.
    case beside
  }

  var verb: String
  /// Whether the process has written before: then it has pages in memory and knows the log.
  var isWarm: Bool
  var fault: Fault
  var aftermath: Aftermath

  /// The words by which it is asked for again.
  var words: String {
    [
      verb, isWarm ? "warm" : "cold", fault.operation.rawValue, "\(fault.position)",
      fault.isForever ? "forever" : "once",
      aftermath.rawValue,
    ].joined(separator: "/")
  }

  init(verb: String, isWarm: Bool, fault: Fault, aftermath: Aftermath) {
    self.verb = verb
    self.isWarm = isWarm
    self.fault = fault
    self.aftermath = aftermath
  }

  /// The point of these words.
  init?(words: String) {
    let parts = words.split(separator: "/").map(String.init)
    guard parts.count == 6, let operation = FaultOperation(rawValue: parts[2]), let position = Int(parts[3]),
      let aftermath = Aftermath(rawValue: parts[5])
    else { return nil }
    self.init(
      verb: parts[0], isWarm: parts[1] == "warm",
      fault: Fault(operation, at: position, isForever: parts[4] == "forever"), aftermath: aftermath)
  }
}

/// Which points there are, and which of them are tried.
enum FaultPoints {
  /// All points of a verb that asks for each operation so many times.
  ///
  /// Every operation on files is followed by every aftermath; allocations, of which there are hundreds, by one each, and in
  /// a process that has written nothing before only.
  static func all(verb: String, isWarm: Bool, counts: [FaultOperation: Int]) -> [FaultPoint] {
    FaultOperation.allCases.filter { $0 != .allocate || !isWarm }.flatMap { operation in
      stride(from: 1, through: counts[operation] ?? 0, by: 1).flatMap { position in
        [false, true].flatMap { isForever in
          let aftermaths = FaultPoint.Aftermath.allCases
          let chosen = operation == .allocate ? [aftermaths[position % aftermaths.count]] : aftermaths
          return chosen.map { aftermath in
            FaultPoint(
              verb: verb, isWarm: isWarm, fault: Fault(operation, at: position, isForever: isForever),
              aftermath: aftermath)
          }
        }
      }
    }
  }

  /// A sample in which each cell of the table has its share: rare operations are tried wholly, frequent ones by chance.
  static func sample(_ points: [FaultPoint], _ count: Int, _ random: SeededRandom) -> [FaultPoint] {
    struct Cell: Hashable {
      let verb: String
      let operation: FaultOperation
    }
    var random = random
    var cells: [[FaultPoint]] = []
    var places: [Cell: Int] = [:]
    for point in points {
      let cell = Cell(verb: point.verb, operation: point.fault.operation)
      if let place = places[cell] {
        cells[place].append(point)
      } else {
        places[cell] = cells.count
        cells.append([point])
      }
    }
    for place in cells.indices { cells[place].shuffle(using: &random) }
    var sample: [FaultPoint] = []
    var round = 0
    while sample.count < min(count, points.count) {
      for cell in cells where round < cell.count && sample.count < count { sample.append(cell[round]) }
      round += 1
    }
    return sample
  }
}
