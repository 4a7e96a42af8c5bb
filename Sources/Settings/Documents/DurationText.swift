/// Spans of time in their written form: `500ms`, `90s`, `1h30m`, `7d`.
public enum DurationText {
  /// The span, or nil if the text is not one. At most 100 years, so that no later sum overflows.
  public static func parse(_ text: String) -> Duration? {
    var rest = text[...]
    var sum: Int64 = 0
    guard !rest.isEmpty else { return nil }
    while !rest.isEmpty {
      let digits = rest.prefix { $0.isASCII && $0.isNumber }
      guard digits.count <= 12, let count = Int64(digits) else { return nil }
      rest = rest.dropFirst(digits.count)
      guard let unit = units.first(where: { rest.hasPrefix($0.word) }) else { return nil }
      rest = rest.dropFirst(unit.word.count)
      let (product, overflow) = count.multipliedReportingOverflow(by: unit.milliseconds)
      guard !overflow, product <= maximum - sum else { return nil }
      sum += product
    }
    return .milliseconds(sum)
  }

  private static let maximum: Int64 = 100 * 366 * 86_400_000
  // `ms` comes before `m`: the first match is used.
  private static let units: [(word: String, milliseconds: Int64)] = [
    ("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000),
  ]
}
