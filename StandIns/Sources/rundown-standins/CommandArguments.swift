import ArgumentParser

/// `NAME=PORT` of one engine.
struct EngineAddress: ExpressibleByArgument, Sendable {
  let name: String
  let port: Int

  init?(argument: String) {
    let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty, let port = UInt16(parts[1]) else { return nil }
    name = String(parts[0])
    self.port = Int(port)
  }
}

extension S3Upstream: ExpressibleByArgument {
  init?(argument: String) {
    self.init(url: argument)
  }
}

/// A length of time in its written form: `2s`, `500ms`, or seconds without a unit.
struct Delay: ExpressibleByArgument, Sendable, CustomStringConvertible {
  let seconds: Double

  init(seconds: Double) {
    self.seconds = seconds
  }

  init?(argument: String) {
    let isMilliseconds = argument.hasSuffix("ms")
    let number = isMilliseconds ? argument.dropLast(2) : argument.hasSuffix("s") ? argument.dropLast() : argument[...]
    guard let value = Double(number), value.isFinite, value >= 0 else { return nil }
    seconds = isMilliseconds ? value / 1000 : value
  }

  var description: String {
    "\(seconds)s"
  }
}
