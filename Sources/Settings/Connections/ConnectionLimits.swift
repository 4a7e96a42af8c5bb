/// The limits of our simultaneous requests to a provider; nil for the provider's default.
public struct ConnectionLimits: Sendable, Hashable {
  /// Requests per second of one worker process.
  public var requestsPerSecond: Int?
  /// How many jobs write to one application of an engine at the same time.
  public var concurrentWrites: Int?
  /// How many live streams a Wowza Video account may create.
  public var liveStreams: Allowance?
  /// How long a Wowza Video account may still carry out a request after no answer came.
  public var lateEffectWindow: Duration?

  /// Only defaults.
  public init() {}

  /// A count within a sliding window.
  public struct Allowance: Sendable, Hashable {
    /// How many.
    public var count: Int
    /// The window.
    public var window: Duration
  }
}

extension ConnectionLimits {
  /// Reads the mapping `limits`; each kind of connection accepts some of its keys.
  init(_ keys: [String: YAMLNode], _ path: String, known: [String], by reader: inout YAMLReader) {
    guard let node = keys["limits"] else { return }
    let path = "\(path).limits"
    for (key, node) in reader.mapping(node, path, known: known) {
      switch key {
      case "requestsPerSecond": requestsPerSecond = Self.requestsPerSecond(node, "\(path).\(key)", &reader)
      case "concurrentWrites": concurrentWrites = reader.number(node, "\(path).\(key)", minimum: 1, maximum: 1000)
      case "lateEffectWindow", "lateness": lateEffectWindow = Self.lateEffectWindow(node, "\(path).\(key)", &reader)
      default: liveStreams = Self.allowance(node, "\(path).\(key)", &reader)
      }
    }
  }

  /// A number, or the short form `5/s`, `300/min`.
  private static func requestsPerSecond(_ node: YAMLNode, _ path: String, _ reader: inout YAMLReader) -> Int? {
    guard let text = node.text, text.contains("/") else {
      return reader.number(node, path, minimum: 1, maximum: 1000)
    }
    if let rate = RateText.parse(text), let seconds = wholeSeconds(rate.window), rate.count.isMultiple(of: seconds),
      (1...1000).contains(rate.count / seconds)
    {
      return rate.count / seconds
    }
    reader.report(
      "RD0106", "\(path) must be a whole number from 1 to 1000 requests per second", at: node,
      help: "write 5/s or 300/min")
    return nil
  }

  private static func wholeSeconds(_ span: Duration) -> Int? {
    span.components.attoseconds == 0 ? Int(span.components.seconds) : nil
  }

  private static func allowance(_ node: YAMLNode, _ path: String, _ reader: inout YAMLReader) -> Allowance? {
    if let text = node.text {
      if let rate = RateText.parse(text), rate.count <= 10_000 {
        return Allowance(count: rate.count, window: rate.window)
      }
      reader.report("RD0106", "\(path) must be a number per duration", at: node, help: "write 10/3h")
      return nil
    }
    let keys = reader.fields(node, path, ["count", "per"])
    for key in ["count", "per"] where keys[key] == nil { reader.missing(key, in: path, at: node) }
    guard let count = keys["count"], let per = keys["per"],
      let number = reader.number(count, "\(path).count", minimum: 1, maximum: 10_000),
      let window = reader.span(per, "\(path).per")
    else { return nil }
    return Allowance(count: number, window: window)
  }

  /// Intents without a known outcome are kept only one hour longer than their jobs.
  private static func lateEffectWindow(_ node: YAMLNode, _ path: String, _ reader: inout YAMLReader) -> Duration? {
    guard let span = reader.span(node, path) else { return nil }
    guard span <= .seconds(3600) else {
      reader.report("RD0106", "\(path) can be at most one hour", at: node, help: "write 1h, or less")
      return nil
    }
    return span
  }

  /// The limits that are set, in words.
  func words(span: (Duration) -> String) -> [String] {
    [
      requestsPerSecond.map { "\($0) requests/s" }, concurrentWrites.map { "\($0) concurrent writes" },
      lateEffectWindow.map { "late effects up to \(span($0))" },
      liveStreams.map { "\($0.count) live streams in \(span($0.window))" },
    ].compactMap { $0 }
  }
}

/// A count per span of time in its short form: `10/3h`, `5/s`, `60/min`.
enum RateText {
  /// The count and the span, or nil if the text is not a rate.
  static func parse(_ text: String) -> (count: Int, window: Duration)? {
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, (1...9).contains(parts[0].utf8.count), parts[0].allSatisfy({ $0.isASCII && $0.isNumber }),
      let count = Int(parts[0]), count > 0
    else { return nil }
    // A unit alone means one of it.
    let unit = parts[1] == "min" ? "m" : String(parts[1])
    guard let span = DurationText.parse(unit.first?.isNumber == true ? unit : "1" + unit), span > .zero else {
      return nil
    }
    return (count, span)
  }
}
