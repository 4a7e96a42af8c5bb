import Settings

/// What can still be read of a YAML file that is not valid in some places: all jobs except those that contain these
/// places.
struct JobFileRecovery {
  /// The document without those jobs, all other lines where they were; nil if nothing is left to read.
  private(set) var document: YAMLDocument?
  /// The errors, one for each job that was left out.
  private(set) var diagnostics: [Diagnostic]

  /// More errors help nobody, and each one costs several readings of the file.
  private static let most = 10
  /// Errors at one place; exceeding a limit is not one of them.
  private static let codes: Set = ["RD0101", "RD0102", "RD0104"]

  /// Looks for the jobs that are not valid YAML.
  /// - Parameter error: the error for the whole file.
  init(_ text: String, file: String, after error: Diagnostic) {
    diagnostics = [error]
    var lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
    while diagnostics.count < Self.most, let last = diagnostics.last, Self.codes.contains(last.code),
      let job = Self.culprit(lines, file)
    {
      // Their lines are emptied but kept, so that every place is reported as the user sees it.
      for index in job { lines[index] = "" }
      if Self.jobs(lines).isEmpty { return }
      do {
        document = try YAMLDocument(text: lines.joined(separator: "\n"), file: file)
        return
      } catch {
        diagnostics.append(error)
      }
    }
  }

  /// The first job that makes the file invalid; nil if the cause is before or after all jobs.
  private static func culprit(_ lines: [Substring], _ file: String) -> Range<Int>? {
    let jobs = jobs(lines)
    func isYAML(_ count: Int) -> Bool {
      let end = count == 0 ? jobs.first?.lowerBound : jobs[count - 1].upperBound
      return (try? YAMLDocument(text: lines[..<(end ?? 0)].joined(separator: "\n"), file: file)) != nil
    }
    guard !jobs.isEmpty, isYAML(0), !isYAML(jobs.count) else { return nil }
    var (good, bad) = (0, jobs.count)
    while bad - good > 1 {
      let middle = (good + bad) / 2
      if isYAML(middle) { good = middle } else { bad = middle }
    }
    return jobs[bad - 1]
  }

  /// The lines of each element of `jobs`, written as usual: a dash for each, all indented equally.
  private static func jobs(_ lines: [Substring]) -> [Range<Int>] {
    guard let head = lines.firstIndex(where: { $0.hasPrefix("jobs:") }) else { return [] }
    let isElement = { (line: Substring) in (line.drop { $0 == " " } + " ").hasPrefix("- ") }
    guard let first = lines[(head + 1)...].firstIndex(where: isElement) else { return [] }
    let indent = lines[first].prefix { $0 == " " }.count
    var starts: [Int] = []
    var end = lines.count
    for index in lines[first...].indices {
      let line = lines[index]
      let depth = line.prefix { $0 == " " }.count
      if depth == indent, isElement(line) {
        starts.append(index)
      } else if depth == 0, let letter = line.first, letter.isLetter {
        // The next key of the file.
        end = index
        break
      }
    }
    return starts.indices.map { starts[$0]..<($0 + 1 < starts.count ? starts[$0 + 1] : end) }
  }
}
