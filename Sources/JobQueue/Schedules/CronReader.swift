/// Reads one field of a cron expression.
struct CronReader {
  private let field: CronField
  private let text: Substring

  init(_ field: CronField, _ text: Substring) { (self.field, self.text) = (field, text) }

  /// No expression needs more: a list of all minutes has 169 characters.
  private static let maximumBytes = 1000

  /// Splits a text into its five fields.
  static func fields(_ text: String) throws(CronProblem) -> [Substring] {
    let example = "such as \"30 18 * * MON-FRI\""
    guard text.utf8.count <= maximumBytes else {
      throw CronProblem(
        nil, text, "it is longer than \(maximumBytes) bytes", hint: "write ranges and steps, \(example)")
    }
    let words = text.split { $0.isASCII && $0.isWhitespace }
    if let name = words.first, name.first == "@" {
      let known = [
        "@hourly": "0 * * * *", "@daily": "0 0 * * *", "@midnight": "0 0 * * *", "@weekly": "0 0 * * 0",
        "@monthly": "0 0 1 * *", "@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *",
      ]
      let fields = known[name.lowercased()]
      throw CronProblem(
        nil, text, "names for whole expressions are not known",
        hint: fields.map { "write \"\($0)\"" } ?? "write five fields, \(example)")
    }
    guard words.count == CronField.allCases.count else {
      let fields = CronField.allCases.map(\.title).joined(separator: ", ")
      let hint = words.count > 5 ? "; there is none for seconds or years" : ""
      throw CronProblem(
        nil, text, "it has \(words.count) field\(words.count == 1 ? "" : "s"), not five",
        hint: "write \(fields), \(example)\(hint)")
    }
    return words
  }

  /// The matching numbers, as bits.
  func set() throws(CronProblem) -> UInt64 {
    var set: UInt64 = 0
    for part in text.split(separator: ",", omittingEmptySubsequences: false) { set |= try numbers(part) }
    // Sunday is one day, whichever of its numbers is used.
    if field == .dayOfWeek, set >> 7 & 1 == 1 { set = set & 0x7F | 1 }
    return set
  }

  /// The numbers of `*`, `5`, `1-5`, `*/2` or `1-5/2`.
  private func numbers(_ part: Substring) throws(CronProblem) -> UInt64 {
    guard !part.isEmpty else {
      throw CronProblem(field, text, "there is nothing on one side of a comma", hint: "write it as in \"1,2\"")
    }
    let pieces = part.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    let step = pieces.count > 1 ? try self.step(pieces[1], of: part) : 1
    let range = try self.range(pieces[0], part, hasStep: pieces.count > 1)
    return stride(from: range.lowerBound, through: range.upperBound, by: step).reduce(0) { $0 | 1 << UInt64($1) }
  }

  private func step(_ digits: Substring, of part: Substring) throws(CronProblem) -> Int {
    guard let step = Self.number(digits), (1...field.range.upperBound).contains(step) else {
      throw CronProblem(
        field, part, "the step behind \"/\" is no number from 1 to \(field.range.upperBound)",
        hint: "write it as in \"*/\(field == .minute ? 15 : 2)\"")
    }
    return step
  }

  private func range(_ text: Substring, _ part: Substring, hasStep: Bool) throws(CronProblem) -> ClosedRange<Int> {
    guard text != "*" else { return field.range }
    let ends = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
    let first = try value(ends[0], part)
    guard ends.count > 1 else {
      guard !hasStep else {
        throw CronProblem(
          field, part, "a step needs a range: programs differ in what they take this for",
          hint: "write \"\(first)-\(field.highest)\(part.dropFirst(text.count))\"")
      }
      return first...first
    }
    var last = try value(ends[1], part)
    // At the end of a range, the name means the day after Saturday.
    if field == .dayOfWeek, last == 0, first > 0, ends[1].uppercased() == "SUN" { last = 7 }
    guard first <= last else {
      throw CronProblem(
        field, part, "a range goes from the lower number to the higher one",
        hint: hasStep
          ? "write the numbers with commas" : "write \"\(first)-\(field.highest),\(field.range.lowerBound)-\(last)\"")
    }
    return first...last
  }

  private func value(_ word: Substring, _ part: Substring) throws(CronProblem) -> Int {
    if let index = field.names.firstIndex(of: word.uppercased()) { return index + (field == .month ? 1 : 0) }
    guard let number = Self.number(word) else {
      guard !word.isEmpty else {
        throw CronProblem(field, part, "a number is missing", hint: field.rule)
      }
      throw CronProblem(
        field, part, "\"\(CronProblem.shown(word))\" is not known here",
        hint: "\(field.rule), with \"*\", \",\", \"-\" and \"/\"")
    }
    guard field.range.contains(number) else { throw CronProblem(field, part, field.rule) }
    return number
  }

  /// Reads up to four ASCII digits.
  private static func number(_ digits: Substring) -> Int? {
    guard (1...4).contains(digits.utf8.count), digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
      return nil
    }
    return Int(digits)
  }
}

extension CronField {
  /// The highest number with a meaning of its own.
  fileprivate var highest: Int { self == .dayOfWeek ? 6 : range.upperBound }
}
