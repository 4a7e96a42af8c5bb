/// What a worker did, added up.
struct Tally {
  /// What is printed of it.
  struct Report: Encodable {
    var figure: Figure
    /// When the handler of each job was entered, by the job's own number.
    var entries: [String: Int64]?
  }

  private let wanted: Int?
  private var recorded = 0
  private var firstLease: Int64?
  private var lastEnd: Int64 = 0
  private var entries: [String: Int64]?
  /// Whether the newest mark is the worker's start.
  private(set) var isStarted = false

  /// Whether just now as many jobs were recorded as are wanted.
  private(set) var isComplete = false

  /// Adds up the marks until there are no more; `look` sees the tally after each.
  init(_ marks: AsyncStream<Mark>, until wanted: Int?, withEntries: Bool, look: (Tally) async -> Void) async {
    self.wanted = wanted
    self.entries = withEntries ? [:] : nil
    for await mark in marks {
      add(mark)
      await look(self)
    }
  }

  /// What is printed of it.
  var report: Report {
    Report(figure: Figure(count: recorded, from: firstLease ?? 0, to: lastEnd), entries: entries)
  }

  private mutating func add(_ mark: Mark) {
    isStarted = false
    isComplete = false
    switch mark.event {
    case .started: isStarted = true
    case .leased: firstLease = firstLease ?? mark.at
    case .entered(let number): entries?["\(number)"] = mark.at
    case .recorded:
      // What was under way when the last wanted job ended is not counted.
      if let wanted, recorded == wanted { return }
      recorded += 1
      lastEnd = mark.at
      isComplete = recorded == wanted
    }
  }
}
