/// A store that does not do what `JobStore` promises.
public struct ConformanceFailure: Error, Sendable, Hashable, CustomStringConvertible {
  /// What was expected, and what was found.
  public var expectation: String
  /// Where in the suite.
  public var location: String

  /// One line for a person.
  public var description: String { "\(expectation) (\(location))" }
}

func expect(_ holds: Bool, _ expectation: String, file: StaticString = #fileID, line: UInt = #line) throws {
  guard holds else { throw ConformanceFailure(expectation: expectation, location: "\(file):\(line)") }
}

func expect<Value: Equatable>(
  _ actual: Value, is expected: Value, _ what: String, file: StaticString = #fileID, line: UInt = #line
) throws {
  try expect(actual == expected, "\(what): expected \(expected), found \(actual)", file: file, line: line)
}

/// Returns the value, which must not be nil.
func require<Value>(
  _ value: Value?, _ what: String, file: StaticString = #fileID, line: UInt = #line
) throws -> Value {
  guard let value else { throw ConformanceFailure(expectation: "\(what) is missing", location: "\(file):\(line)") }
  return value
}
