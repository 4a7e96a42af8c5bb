import JobQueue
import Settings
import StreamingJobs

/// Walks through a file of jobs and collects all errors.
struct JobFileReader {
  /// More errors than this help nobody.
  static let mostDiagnostics = 100

  private var reader: YAMLReader
  private let now: Timestamp
  private let kinds: JobKinds
  private let absolute: (String) -> String
  private var file = JobFile()
  private var diagnostics: [Diagnostic] = []
  private var defaults: [String: [(String, YAMLNode)]] = [:]
  private var labels: [String: String] = [:]
  private var names = JobNames()
  /// The place of the job with each unique key.
  private var keys: [String: SourceLocation] = [:]
  private var isFull = false
  /// Whether the current job is made from a sample, because its own `generate` cannot be read.
  private var isSample = false

  /// - Parameter unreadable: errors in parts of the file that were left out; they contain jobs whose names others may
  ///   use.
  init(
    _ document: YAMLDocument, now: Timestamp, kinds: JobKinds, unreadable: [Diagnostic] = [],
    absolute: @escaping (String) -> String
  ) {
    reader = YAMLReader(document)
    diagnostics = unreadable
    names.isComplete = unreadable.isEmpty
    self.now = now
    self.kinds = kinds
    self.absolute = absolute
  }

  mutating func read() -> Result<JobFile, JobFileProblems> {
    guard let root = reader.document.root else {
      return .failure(
        JobFileProblems(diagnostics: [
          Diagnostic(
            code: "RD0201", message: "\(reader.document.file) is empty", help: "see docs/cli.md for an example")
        ]))
    }
    guard case .mapping = root.content else {
      reader.report(
        "RD0106", "expected 'key: value' pairs, found \(root.text == nil ? "a \(root.kind)" : "text")", at: root,
        help: "start with apiVersion: rundown/v1 and kind: Jobs, then list the jobs under jobs:")
      return finished()
    }
    if let configuration = configuration(root) {
      diagnostics.append(configuration)
      return finished()
    }
    let keys = reader.mapping(root, "the file", known: ["apiVersion", "kind", "labels", "defaults", "jobs"])
    let entries = Dictionary(keys, uniquingKeysWith: { first, _ in first })
    check(entries["apiVersion"], "apiVersion", is: "rundown/v1", at: root)
    check(entries["kind"], "kind", is: "Jobs", at: root)
    if let node = entries["labels"] { labels = texts(node, "labels", Template(values: [:])) }
    if let node = entries["defaults"] { readDefaults(node) }
    if let node = entries["jobs"] {
      if case .sequence(let jobs) = node.content {
        for job in jobs { readJob(job) }
      } else {
        reader.report("RD0106", "jobs must be a list, not a \(node.kind)", at: node)
      }
    } else {
      reader.missing("jobs", in: "the file", at: root)
    }
    return finished()
  }

  /// The error for a configuration given instead of a file of jobs; nil for any other file.
  private func configuration(_ root: YAMLNode) -> Diagnostic? {
    guard case .mapping(let pairs) = root.content else { return nil }
    let keys = pairs.compactMap(\.key.text)
    let own: Set = ["database", "worker", "retentionDays", "logging", "uploads", "connections"]
    let isConfiguration = pairs.contains { $0.key.text == "kind" && $0.value.text == "Config" }
    guard !keys.contains("jobs"), isConfiguration || keys.contains(where: { own.contains($0) }) else { return nil }
    let file = reader.document.file
    return Diagnostic(
      code: "RD0216", message: "\(file) is a configuration, not a file of jobs",
      location: SourceLocation(file: file, line: root.location.line, column: root.location.column),
      help: "pass it with --config \(file), and name a file of jobs to enqueue")
  }

  /// Reads documents that are jobs, or lists of jobs.
  mutating func read(jobs documents: [YAMLDocument]) -> Result<JobFile, JobFileProblems> {
    for document in documents {
      guard let root = document.root else { continue }
      diagnostics += reader.diagnostics
      reader = YAMLReader(document)
      if case .sequence(let jobs) = root.content {
        for job in jobs { readJob(job) }
      } else {
        readJob(root)
      }
    }
    return finished()
  }

  private mutating func finished() -> Result<JobFile, JobFileProblems> {
    // A value under `defaults` or beside `generate` is read once per job, but reported once.
    var told: Set<Diagnostic> = []
    let all = (diagnostics + reader.diagnostics + names.settle(&file.jobs)).filter { told.insert($0).inserted }
    file.warnings = file.warnings.filter { told.insert($0).inserted }
    guard all.isEmpty else {
      return .failure(
        JobFileProblems(
          diagnostics: Array(all.prefix(Self.mostDiagnostics)), warnings: file.warnings, connections: file.connections,
          files: file.files))
    }
    return .success(file)
  }

  private mutating func warn(_ code: String, _ message: String, at node: YAMLNode, help: String) {
    var warning = reader.document.diagnostic(
      code, message, at: node.location, width: node.text?.count ?? 1, help: help)
    warning.severity = .warning
    file.warnings.append(warning)
  }

  private mutating func check(_ node: YAMLNode?, _ key: String, is word: String, at root: YAMLNode) {
    guard let node else { return reader.missing(key, in: "the file", at: root) }
    if node.text != word {
      reader.report("RD0107", "\(key) must be \(word)", at: node, help: "write \(key): \(word)")
    }
  }

  private mutating func readDefaults(_ node: YAMLNode) {
    for (kind, values) in reader.mapping(node, "defaults", known: kinds.all.map(\.kind)) {
      let known = kinds.named(kind)?.fields.map(\.name)
      defaults[kind] = reader.mapping(values, "defaults.\(kind)", known: known)
    }
  }

  // MARK: One job

  private mutating func readJob(_ node: YAMLNode) {
    guard !isFull else { return }
    let known = ["kind", "name", "generate", "after", "with", "labels", "priority", "runAt", "maxAttempts"]
    let entries = Dictionary(reader.mapping(node, "a job", known: known), uniquingKeysWith: { first, _ in first })
    let own = templates(entries["generate"])
    isSample = own == nil
    if isSample { names.isComplete = false }
    let templates = own ?? [Template(values: ["n": "1", "stream": "sample"])]
    let kind = kind(entries["kind"], at: node)
    var isGood = kind != nil
    for template in templates {
      guard file.jobs.count < JobFile.mostJobs else {
        // Never just a part of a file: jobs beyond the limit would be missing without a word.
        isFull = true
        return reader.report("RD0209", "more than 10,000 jobs in one file", at: node, help: "split the file")
      }
      // An error in one of them is an error in all; the others only provide their names to jobs that wait.
      var job: NewJob?
      if isGood, let kind { job = make(kind, entries, template, at: node) }
      isGood = job != nil
      append(job, entries["name"], template, node)
    }
  }

  private mutating func kind(_ node: YAMLNode?, at job: YAMLNode) -> JobKindDescription? {
    guard let node else {
      reader.missing("kind", in: "a job", at: job)
      return nil
    }
    guard let word = reader.text(node, "kind") else { return nil }
    if let kind = kinds.named(word) { return kind }
    let kinds = kinds.all.map(\.kind)
    let near = Suggestion.nearest(to: word, among: kinds)
    reader.report(
      "RD0202", "unknown job kind \"\(word)\"", at: node,
      help: near.map { "did you mean \"\($0)\"?" } ?? "known kinds: \(kinds.joined(separator: ", "))")
    return nil
  }

  /// One template for a single job, one per number with `generate`; nil if that cannot be read.
  private mutating func templates(_ node: YAMLNode?) -> [Template]? {
    guard let node else { return [Template(values: [:])] }
    let entries = Dictionary(
      reader.mapping(node, "generate", known: ["stream", "from", "to"]), uniquingKeysWith: { first, _ in first })
    guard let pattern = entries["stream"], let from = entries["from"], let to = entries["to"] else {
      for key in ["stream", "from", "to"] where entries[key] == nil { reader.missing(key, in: "generate", at: node) }
      return nil
    }
    guard let stream = reader.text(pattern, "generate.stream"),
      let first = reader.number(from, "generate.from", minimum: 0),
      let last = reader.number(to, "generate.to", minimum: 0)
    else { return nil }
    guard first <= last, last - first < JobFile.mostJobs else {
      reader.report("RD0203", "generate counts from \(first) to \(last)", at: to, help: "count up, at most 10,000")
      return nil
    }
    var templates: [Template] = []
    for number in first...last {
      do {
        let name = try Template(values: ["n": "\(number)"]).filled(stream)
        templates.append(Template(values: ["n": "\(number)", "stream": name]))
      } catch {
        reader.report("RD0203", error.message, at: pattern, help: error.help)
        return nil
      }
    }
    return templates
  }

  private mutating func make(
    _ kind: JobKindDescription, _ entries: [String: YAMLNode], _ template: Template, at node: YAMLNode
  ) -> NewJob? {
    let before = reader.diagnostics.count
    let given = values(of: kind, entries["with"], template, at: node)
    var options = EnqueueOptions()
    options.labels = labels
    if let node = entries["labels"] {
      options.labels.merge(texts(node, "labels", template)) { _, own in own }
    }
    if let node = entries["priority"] { options.priority = wholeNumber(node, "priority") ?? 0 }
    if let node = entries["maxAttempts"] { options.maxAttempts = reader.number(node, "maxAttempts", minimum: 1) }
    if let node = entries["runAt"], let text = reader.text(node, "runAt") {
      do {
        options.runAt = try MomentText.read(text, in: .file, now: now)
      } catch {
        reader.report("RD0204", "runAt: \(error.message)", at: node, help: error.help)
      }
      if let moment = options.runAt, moment < now {
        warn(
          "RD0213", "runAt is in the past: the job is ready at once", at: node,
          help: "set a later time, or leave it out")
      }
    }
    if let after = entries["after"] { readWaits(after, template) }
    let job = newJob(kind, given, options, with: entries["with"], at: node)
    return reader.diagnostics.count == before ? job : nil
  }

  /// A job with errors keeps its index, so that the names of later ones stay correct.
  private mutating func append(_ job: NewJob?, _ name: YAMLNode?, _ template: Template, _ node: YAMLNode) {
    let name = name.flatMap { node in filled(node, "name", template).map { (node, $0) } }
    if !isSample, let (node, name) = name, !names.give(name, to: file.jobs.count) {
      reader.report(
        "RD0206", "two jobs are named \"\(name)\"", at: node,
        help: template.values.isEmpty ? "rename one of them" : "use {n} or {stream} in the name")
    }
    file.jobs.append(job ?? NewJob(kind: ""))
    file.names.append(name?.1)
    file.places.append(node.location)
  }

  private mutating func newJob(
    _ kind: JobKindDescription, _ given: JobFileValues, _ options: EnqueueOptions, with: YAMLNode?, at node: YAMLNode
  ) -> NewJob? {
    let missing = kind.fields.filter {
      $0.isRequired && given.values[$0.name] == nil && !given.refused.contains($0.name)
    }
    for field in missing { reader.missing(field.name, in: "with", at: with ?? node) }
    do {
      let unusable = given.refused.union(missing.map(\.name))
      let reading = try ParameterReading(given.values, unusable: unusable, of: kind)
      // A parameter that seems to be missing may be meant by an unknown key.
      for issue in reading.issues where !given.hasUnknownKeys || given.values[issue.field] != nil {
        reader.report(
          "RD0205", "\(issue.field): \(issue.message)", at: given.nodes[issue.field] ?? node, help: issue.hint)
      }
      guard let parameters = reading.parameters else { return nil }
      let job = try parameters.newJob(options)
      if !isSample, let key = job.uniqueKey, let first = keys.updateValue(node.location, forKey: key) {
        reader.report(
          "RD0211", "two jobs in this file have the same effect", at: node, label: "\(key) again",
          help: "the first is at \(first); remove one of them")
      }
      return job
    } catch {
      reader.report("RD0205", "these parameters are not valid for \(kind.kind): \(error)", at: node)
      return nil
    }
  }

  // MARK: Values

  private mutating func values(
    of kind: JobKindDescription, _ with: YAMLNode?, _ template: Template, at node: YAMLNode
  ) -> JobFileValues {
    var entries = defaults[kind.kind] ?? []
    let names = kind.fields.map(\.name)
    if let with { entries += reader.mapping(with, "with", known: names) }
    let unknown = unknownKeys(with, names)
    var given = JobFileValues(
      refused: Set(unknown.map { $0.compactMap { Suggestion.nearest(to: $0, among: names) } } ?? names),
      hasUnknownKeys: unknown?.isEmpty == false)
    for (name, node) in entries {
      guard let field = kind.fields.first(where: { $0.name == name }) else { continue }
      given.nodes[name] = node
      given.values[name] = value(of: node, field, template)
      if given.values[name] == nil { given.refused.insert(name) } else { given.refused.remove(name) }
    }
    let nodes = given.nodes
    file.connections += ConnectionUse.all(of: kind.fields, in: given.values) { nodes[$0]?.location }
    return given
  }

  /// The keys that are not parameters. They are reported once, and not as missing parameters, too; nil if there are no
  /// keys.
  private func unknownKeys(_ with: YAMLNode?, _ names: [String]) -> [String]? {
    guard let with else { return [] }
    guard case .mapping(let pairs) = with.content else { return nil }
    return pairs.compactMap(\.key.text).filter { !names.contains($0) }
  }

  private mutating func value(of node: YAMLNode, _ field: JobField, _ template: Template) -> JSONValue? {
    switch (field.shape, node.content) {
    case (.stringMap, _):
      return .object(texts(node, field.name, template).mapValues { .string($0) })
    case (.strings, .sequence(let elements)):
      let filledIn = elements.compactMap { filled($0, field.name, template) }
      return filledIn.count == elements.count ? .array(filledIn.map { .string($0) }) : nil
    default:
      guard let text = filled(node, field.name, template) else { return nil }
      do throws(FieldProblem) {
        let value = try FieldValue.scalar(text, field, absolute: absolute)
        if field.shape == .path, case .string(let path) = value {
          file.files.append(FileUse(path: path, field: field.name, place: node.location))
        }
        return value
      } catch {
        reader.report("RD0205", "\(field.name): \(error.message)", at: node, help: error.help)
        return nil
      }
    }
  }

  private mutating func filled(_ node: YAMLNode, _ path: String, _ template: Template) -> String? {
    guard let text = reader.text(node, path) else { return nil }
    do throws(Template.Problem) {
      return try template.filled(text)
    } catch {
      reader.report("RD0203", error.message, at: node, help: error.help)
      return nil
    }
  }

  private mutating func texts(_ node: YAMLNode, _ path: String, _ template: Template) -> [String: String] {
    var texts: [String: String] = [:]
    for (name, value) in reader.mapping(node, path) { texts[name] = filled(value, "\(path).\(name)", template) }
    return texts
  }

  private mutating func wholeNumber(_ node: YAMLNode, _ path: String) -> Int? {
    guard let number = node.text.flatMap({ Int($0) }) else {
      reader.report("RD0106", "\(path) must be a whole number", at: node)
      return nil
    }
    return number
  }

  private mutating func readWaits(_ node: YAMLNode, _ template: Template) {
    let elements: [YAMLNode] = if case .sequence(let list) = node.content { list } else { [node] }
    for element in elements {
      guard let name = filled(element, "after", template) else { continue }
      names.wait(file.jobs.count, for: name, element, reader.document)
    }
  }
}

/// The parameters of a job in a file.
private struct JobFileValues {
  /// The values that could be read.
  var values: [String: JSONValue] = [:]
  /// The place of each value.
  var nodes: [String: YAMLNode] = [:]
  /// Parameters that are present but could not be read.
  var refused: Set<String> = []
  /// Whether there are unknown keys, too.
  var hasUnknownKeys = false
}
