import JobQueue

/// A number of things and the time they took.
struct Figure: Encodable {
  var count: Int
  var seconds: Double
  var perSecond: Double
  /// Nanoseconds by ``Stopwatch``: figures of several processes are combined by their ends.
  var startedAt: Int64
  var endedAt: Int64

  init(count: Int, from start: Int64, to end: Int64) {
    self.count = count
    seconds = Double(end - start) / 1e9
    perSecond = end > start ? Double(count) / seconds : 0
    startedAt = start
    endedAt = end
  }

  /// Prints the figure, or anything else, as one line.
  static func show(_ value: some Encodable) throws {
    print(try JSONText.encode(value))
  }
}
