import JobQueue

/// The words of the command line: a verb, the queue file, and `name=value` pairs.
struct TrialArguments: Sendable {
  struct Wrong: Error, CustomStringConvertible {
    let description: String
  }

  let verb: String
  let database: String
  private let values: [String: String]

  init(_ words: [String]) throws {
    guard words.count >= 2 else {
      throw Wrong(description: "usage: rundown-trial work|enqueue|crowd FILE [name=value …]")
    }
    verb = words[0]
    database = words[1]
    var values: [String: String] = [:]
    for word in words.dropFirst(2) {
      let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2 else { throw Wrong(description: "'\(word)' is no name=value") }
      values[parts[0]] = parts[1]
    }
    self.values = values
  }

  func text(_ name: String) throws -> String {
    guard let value = values[name] else { throw Wrong(description: "\(name)=… is missing") }
    return value
  }

  func number(_ name: String, or usual: Int) throws -> Int {
    guard let value = values[name] else { return usual }
    guard let number = Int(value) else { throw Wrong(description: "\(name)=\(value) is no number") }
    return number
  }

  func milliseconds(_ name: String, or usual: Int) throws -> Duration { .milliseconds(try number(name, or: usual)) }

  func isGiven(_ name: String) -> Bool { values[name] != nil }

  /// The clock of the process: the machine's, or that one as a file shifts it.
  func clock() throws -> any QueueClock {
    isGiven("clock") ? try ShiftedClock(path: try text("clock")) : SystemClock()
  }
}
