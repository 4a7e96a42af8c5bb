import JobQueue
import Settings

/// Walks through the document of an Onboarding and collects all errors.
struct OnboardingReader {
  private(set) var reader: YAMLReader
  private(set) var diagnostics: [Diagnostic] = []
  /// The sheets that were read.
  private(set) var sheets: [SheetText] = []
  private let sources: ManifestSources
  private var onboarding: Onboarding
  /// The index of each stream.
  private var indices: [String: Int] = [:]
  private var isFull = false

  init(_ document: YAMLDocument, _ sources: ManifestSources, profile: GivenValues, at place: SourceLocation) {
    reader = YAMLReader(document)
    self.sources = sources
    onboarding = Onboarding(name: "", profile: profile, place: place)
  }

  /// Reads the mapping of the document.
  mutating func read(_ root: YAMLNode) -> Onboarding {
    let keys = entries(root, "the document", ["apiVersion", "kind", "metadata", "spec"])
    if let metadata = keys["metadata"] {
      let entries = entries(metadata, "metadata", ["name", "labels"])
      onboarding.name = entries["name"].flatMap { reader.text($0, "metadata.name") } ?? ""
      if entries["name"] == nil { reader.missing("name", in: "metadata", at: metadata) }
      for (name, value) in entries["labels"].map({ reader.mapping($0, "metadata.labels") }) ?? [] {
        onboarding.labels[name] = reader.text(value, "metadata.labels.\(name)")
      }
    } else {
      reader.missing("metadata", in: "the document", at: root)
    }
    guard let spec = keys["spec"] else {
      reader.missing("spec", in: "the document", at: root)
      return onboarding
    }
    readSpec(spec)
    return onboarding
  }

  private mutating func entries(_ node: YAMLNode, _ path: String, _ known: [String]) -> [String: YAMLNode] {
    Dictionary(reader.mapping(node, path, known: known), uniquingKeysWith: { first, _ in first })
  }

  private mutating func readSpec(_ spec: YAMLNode) {
    let keys = entries(spec, "spec", ["defaults", "regions", "engines", "groups", "streams", "rollout"])
    if let node = keys["defaults"] {
      onboarding.defaults = LayerReader.read(node, "defaults", .defaults, by: &reader).values
    }
    if let node = keys["regions"] {
      for (name, node) in reader.mapping(node, "regions") {
        onboarding.regions[name] =
          LayerReader.read(node, "regions.\(name)", .region(name), without: ["engine", "region"], by: &reader).values
      }
    }
    if let node = keys["engines"] {
      for (name, node) in reader.mapping(node, "engines") {
        onboarding.engines[name] =
          LayerReader.read(node, "engines.\(name)", .engine(name), without: ["engine"], by: &reader).values
      }
    }
    for node in list(keys["groups"], "groups") { readGroup(node) }
    for node in list(keys["streams"], "streams") { readStream(node) }
    if let node = keys["rollout"] { onboarding.rollout = RolloutReader.read(node, sources.zones, by: &reader) }
    if onboarding.streams.isEmpty, reader.diagnostics.isEmpty, diagnostics.isEmpty {
      reader.report(
        "RD0410", "the manifest has no streams", at: spec, help: "add streams, or groups with generate or fromCSV")
    }
  }

  private mutating func list(_ node: YAMLNode?, _ path: String) -> [YAMLNode] {
    guard let node else { return [] }
    if case .sequence(let elements) = node.content { return elements }
    reader.report("RD0106", "\(path) must be a list, not a \(node.kind)", at: node)
    return []
  }

  // MARK: Groups

  private mutating func readGroup(_ node: YAMLNode) {
    guard case .mapping(let pairs) = node.content else {
      return reader.report("RD0106", "a group must be a mapping, not a \(node.kind)", at: node)
    }
    guard let nameNode = pairs.first(where: { $0.key.text == "name" })?.value else {
      return reader.missing("name", in: "a group", at: node)
    }
    guard let name = reader.text(nameNode, "a group's name") else { return }
    let (values, others) = LayerReader.read(
      node, "group \(name)", .group(name), others: ["name", "generate", "exclude", "fromCSV"], by: &reader)
    guard onboarding.groups.updateValue(values, forKey: name) == nil else {
      return reader.report("RD0407", "two groups are named \"\(name)\"", at: nameNode, help: "rename one of them")
    }
    var streams: [Onboarding.Stream] = []
    for generate in others["generate"].map(Self.elements) ?? [] { streams += generated(generate, name) }
    for file in others["fromCSV"].map(Self.elements) ?? [] { streams += rows(file, name) }
    if others["generate"] == nil, others["fromCSV"] == nil {
      reader.report("RD0410", "group \(name) has no streams", at: node, help: "add generate or fromCSV")
    }
    for node in list(others["exclude"], "exclude") { exclude(node, from: &streams, name) }
    for stream in streams { add(stream) }
  }

  /// One value, or the values of a list.
  private static func elements(_ node: YAMLNode) -> [YAMLNode] {
    if case .sequence(let elements) = node.content { elements } else { [node] }
  }

  private mutating func generated(_ node: YAMLNode, _ group: String) -> [Onboarding.Stream] {
    let keys = entries(node, "generate", ["name", "from", "to"])
    for key in ["name", "from", "to"] where keys[key] == nil { reader.missing(key, in: "generate", at: node) }
    guard let pattern = keys["name"], let from = keys["from"], let to = keys["to"],
      let text = reader.text(pattern, "generate.name"),
      let first = reader.number(from, "generate.from", minimum: 0),
      let last = reader.number(to, "generate.to", minimum: 0)
    else { return [] }
    guard first <= last, last - first < Onboarding.mostStreams else {
      reader.report("RD0203", "generate counts from \(first) to \(last)", at: to, help: "count up, at most 10,000")
      return []
    }
    var streams: [Onboarding.Stream] = []
    for number in first...last {
      do {
        let name = try Template(values: ["n": "\(number)"]).filled(text)
        streams.append(
          Onboarding.Stream(
            name: name, number: number, group: group, values: GivenValues(), place: pattern.location))
      } catch {
        reader.report("RD0203", error.message, at: pattern, help: error.help)
        return []
      }
    }
    if first < last, streams[0].name == streams[1].name {
      reader.report(
        "RD0407", "generate gives every stream the name \"\(streams[0].name)\"", at: pattern, help: "use {n} in it")
      return []
    }
    return streams
  }

  private mutating func rows(_ node: YAMLNode, _ group: String) -> [Onboarding.Stream] {
    guard let file = reader.text(node, "fromCSV") else { return [] }
    switch sources.sheet(file) {
    case .success(let table):
      sheets.append(table.text)
      let sheet = SheetReader.read(table)
      diagnostics += sheet.diagnostics
      return sheet.streams.map { stream in
        var stream = stream
        stream.group = group
        return stream
      }
    case .failure(let problems):
      for problem in problems.diagnostics {
        if problem.location == nil {
          reader.report(problem.code, problem.message, at: node, help: problem.help)
        } else {
          diagnostics.append(problem)
        }
      }
      return []
    }
  }

  private mutating func exclude(_ node: YAMLNode, from streams: inout [Onboarding.Stream], _ group: String) {
    guard let name = reader.text(node, "exclude") else { return }
    let count = streams.count
    streams.removeAll { $0.name == name }
    guard streams.count == count, !streams.isEmpty else { return }
    let near = Suggestion.nearest(to: name, among: streams.map(\.name))
    reader.report(
      "RD0408", "group \(group) has no stream \"\(name)\" to exclude", at: node,
      help: near.map { "did you mean \"\($0)\"?" } ?? "remove it from exclude")
  }

  // MARK: Streams

  /// `status` is a stream's status in an export; it is ignored.
  private mutating func readStream(_ node: YAMLNode) {
    let (values, others) = LayerReader.read(
      node, "a stream", .stream, others: ["name", "merge", "status"], by: &reader)
    guard case .mapping = node.content else { return }
    guard let nameNode = others["name"] else { return reader.missing("name", in: "a stream", at: node) }
    guard let name = reader.text(nameNode, "a stream's name") else { return }
    let merges = others["merge"].flatMap { reader.choice($0, "merge", of: ["true", "false"]) } == "true"
    if merges {
      guard let index = indices[name] else {
        let near = Suggestion.nearest(to: name, among: Array(indices.keys))
        return reader.report(
          "RD0408", "no stream \"\(name)\" to change", at: nameNode,
          help: near.map { "did you mean \"\($0)\"?" } ?? "remove merge to add it as a new stream")
      }
      return onboarding.streams[index].values.merge(values)
    }
    add(Onboarding.Stream(name: name, values: values, place: nameNode.location))
  }

  private mutating func add(_ stream: Onboarding.Stream) {
    guard !isFull else { return }
    guard onboarding.streams.count < Onboarding.mostStreams else {
      isFull = true
      diagnostics.append(
        Diagnostic(
          code: "RD0404", message: "more than 10,000 streams in one manifest", location: stream.place,
          help: "split the manifest"))
      return
    }
    if let first = indices[stream.name] {
      let place = onboarding.streams[first].place
      // A stream of a sheet: its line is in another file than this document.
      let diagnostic = Diagnostic(
        code: "RD0407", message: "two streams are named \"\(stream.name)\"", location: stream.place,
        notes: ["the first one: \(place)"],
        help: "rename one of them, or write merge: true to change the existing one")
      return diagnostics.append(diagnostic)
    }
    indices[stream.name] = onboarding.streams.count
    onboarding.streams.append(stream)
  }
}
