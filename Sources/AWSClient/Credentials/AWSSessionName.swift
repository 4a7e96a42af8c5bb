/// Names of role sessions: 2 to 64 of letters, digits and `_+=,.@-`. They appear in CloudTrail and in session ARNs.
public enum AWSSessionName {
  /// The text itself if it is a session name, otherwise the nearest one: characters that are not allowed become `-`.
  public static func wellFormed(_ text: String) -> String {
    let name = String(text.unicodeScalars.prefix(64).map { isAllowed($0) ? Character($0) : "-" })
    return name.utf8.count < 2 ? "rundown-\(name)" : name
  }

  private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "a"..."z", "A"..."Z", "0"..."9", "_", "+", "=", ",", ".", "@", "-": true
    default: false
    }
  }
}
