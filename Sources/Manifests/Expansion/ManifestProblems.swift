import Settings

/// Errors in the streams of a manifest, each reported once, however many streams it affects.
struct ManifestProblems {
  private struct Key: Hashable {
    let code: String
    let place: SourceLocation
    let message: String
  }

  private struct Problem {
    var diagnostic: Diagnostic
    var streams: [String]
    /// The newest one: what a stream gives twice, such as a zone for its start and its stop, is wrong once.
    var last: String
    var count = 1
  }

  private var indices: [Key: Int] = [:]
  private var problems: [Problem] = []

  var isEmpty: Bool { problems.isEmpty }
  /// Lets callers see whether an error was added.
  var count: Int { problems.reduce(0) { $0 + $1.count } }

  /// Adds an error of a stream; its message names no stream.
  mutating func report(
    _ code: String, _ message: String, at place: SourceLocation, stream: String, help: String? = nil, width: Int = 1,
    notes: [String] = []
  ) {
    let key = Key(code: code, place: place, message: message)
    if let index = indices[key] {
      guard problems[index].last != stream else { return }
      problems[index].last = stream
      problems[index].count += 1
      if problems[index].streams.count < 2 { problems[index].streams.append(stream) }
      return
    }
    guard problems.count < CSVTable.mostDiagnostics else { return }
    indices[key] = problems.count
    let diagnostic = Diagnostic(
      code: code, message: message, location: place, width: width, notes: notes, help: help)
    problems.append(Problem(diagnostic: diagnostic, streams: [stream], last: stream))
  }

  /// Each with the streams that it concerns.
  /// - Parameter place: where a stream stands, to be named beside what is wrong with a layer below it.
  func diagnostics(_ place: (String) -> SourceLocation?) -> [Diagnostic] {
    problems.map { problem in
      var diagnostic = problem.diagnostic
      var words = Self.words(problem.count, problem.streams)
      if problem.count == 1, let own = place(problem.streams[0]), let there = diagnostic.location,
        own.file != there.file || own.line != there.line
      {
        words += " (\(own))"
      }
      diagnostic.notes.insert(words, at: 0)
      return diagnostic
    }
  }

  /// `for stream a`, or `for 80 streams (first: a, b)`.
  static func words(_ count: Int, _ first: [String]) -> String {
    count == 1 ? "for stream \(first[0])" : "for \(count) streams (first: \(first.prefix(2).joined(separator: ", ")))"
  }
}
