/// So many in a span of time as a person writes it in short: `10/3h`, `5/s`, `60/min`.
enum RateText {
  /// The count and the span, or nil when the text is none.
  static func parse(_ text: String) -> (count: Int, window: Duration)? {
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, (1...9).contains(parts[0].utf8.count), parts[0].allSatisfy({ $0.isASCII && $0.isNumber }),
      let count = Int(parts[0]), count > 0
    else { return nil }
    // A unit alone is one of it.
    let unit = parts[1] == "min" ? "m" : String(parts[1])
    guard let span = DurationText.parse(unit.first?.isNumber == true ? unit : "1" + unit), span > .zero else {
      return nil
    }
    return (count, span)
  }
}
