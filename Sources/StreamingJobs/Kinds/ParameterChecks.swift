import AWSClient
import JobQueue
import Wire

/// Checks that several kinds share. Each returns an issue, or nil if the value is valid.
enum ParameterChecks {
  static func bucket(_ name: String, field: String = "bucket") -> ParameterIssue? {
    BucketName.problem(with: name).map { ParameterIssue(field: field, message: $0) }
  }

  /// An existing bucket, wherever it is.
  static func existingBucket(_ name: String, field: String = "bucket") -> ParameterIssue? {
    BucketName.problem(withExisting: name).map { ParameterIssue(field: field, message: $0) }
  }

  /// Self-hosted servers have region names of their own; the name goes into a header. Whether AWS has such a region is
  /// checked where the connection is known.
  static func anyRegion(_ region: String, field: String = "region") -> ParameterIssue? {
    guard !AWSRegion.canBeSignedFor(region) else { return nil }
    return ParameterIssue(
      field: field, message: "'\(region)' is not a valid region name", hint: "such as eu-central-1")
  }

  /// A region of AWS. New ones appear, so one that is not in the list is refused only if it is impossible, or nearly
  /// another.
  static func region(_ region: String, field: String = "region") -> ParameterIssue? {
    guard case .wrong(let nearest) = AWSRegion.standing(of: region) else { return nil }
    return ParameterIssue(
      field: field, message: AWSRegion.refusal(of: region), hint: AWSRegion.help(nearest: nearest))
  }

  static func notEmpty(_ text: String?, field: String, limit: Int = 255) -> ParameterIssue? {
    guard let text else { return nil }
    if text.isEmpty { return ParameterIssue(field: field, message: "\(field) is empty") }
    guard text.utf8.count <= limit else {
      return ParameterIssue(field: field, message: "\(field) is longer than \(limit) bytes")
    }
    // Including those of Latin-1, above ASCII.
    guard text.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control }) else {
      return ParameterIssue(field: field, message: "\(field) contains a control character")
    }
    return nil
  }

  /// A name that becomes one segment of a URL's path: characters that a server on the way might take for part of the
  /// path would lead to something else.
  static func pathSegment(_ text: String?, field: String) -> ParameterIssue? {
    guard let text else { return nil }
    if let issue = notEmpty(text, field: field) { return issue }
    if text == "." || text == ".." {
      return ParameterIssue(field: field, message: "\(field) cannot be '\(text)'", hint: "use another name")
    }
    if let character = text.first(where: { "/\\".contains($0) }) {
      return ParameterIssue(
        field: field, message: "\(field) contains '\(character)', which would change the path of the request",
        hint: "use letters, digits, '-', '_' and '.'")
    }
    if let escape = percentEscape(in: text) {
      return ParameterIssue(
        field: field,
        message:
          "\(field) contains '\(escape)', which a server that decodes a path twice would read as another character",
        hint: "write the character itself, or use letters, digits, '-', '_' and '.'")
    }
    return unpadded(text, field: field)
  }

  /// A name by which a thing is found again: a provider that trims spaces would report another one.
  static func name(_ text: String?, field: String) -> ParameterIssue? {
    notEmpty(text, field: field) ?? text.flatMap { unpadded($0, field: field) }
  }

  /// A moment as RFC 3339 writes it.
  static func moment(_ text: String?, field: String) -> ParameterIssue? {
    guard let text, InternetTime.milliseconds(text) == nil else { return nil }
    return ParameterIssue(
      field: field, message: "'\(text)' is not a valid time",
      hint: "write it with its offset, such as 2026-12-05T23:30:00+01:00")
  }

  private static func unpadded(_ text: String, field: String) -> ParameterIssue? {
    guard text.first?.isWhitespace == true || text.last?.isWhitespace == true else { return nil }
    return ParameterIssue(field: field, message: "\(field) starts or ends with a space", hint: "remove it")
  }

  /// The first `%` followed by two hexadecimal digits, such as `%2e`. It is sent as `%252e`, and becomes `.` if a
  /// server decodes that twice.
  private static func percentEscape(in text: String) -> Substring? {
    let bytes = text.utf8
    let isDigit = { (byte: UInt8) in UnicodeScalar(byte).properties.isASCIIHexDigit }
    return bytes.indices.first { index in
      let digits = bytes[index...].dropFirst().prefix(2)
      return bytes[index] == UInt8(ascii: "%") && digits.count == 2 && digits.allSatisfy(isDigit)
    }.map { text[$0..<bytes.index($0, offsetBy: 3)] }
  }

  static func oneOf(_ word: String?, _ words: [String], field: String) -> ParameterIssue? {
    guard let word, !words.contains(word) else { return nil }
    return ParameterIssue(
      field: field, message: "unknown value '\(word)'", hint: "use one of \(words.joined(separator: ", "))")
  }
}
