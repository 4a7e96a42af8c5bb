import Yams

/// One YAML file, read within bounds: 1 MiB, 32 levels, 100,000 values, no anchors.
public struct YAMLDocument: Sendable {
  /// The largest file in bytes.
  public static let maximumBytes = 1_048_576
  /// The deepest nesting.
  public static let maximumDepth = 32
  /// The most values.
  public static let maximumNodes = 100_000

  /// The file as the person named it.
  public let file: String
  /// The top value; nil for an empty file.
  public private(set) var root: YAMLNode?
  private let lines: [String]
  private var count = 0

  /// Reads the text of a file.
  ///
  /// - Throws: ``Diagnostic``: RD0101 syntax, RD0102 duplicate key, RD0103 beyond a bound, RD0104 anchor or alias.
  public init(text: String, file: String) throws(Diagnostic) {
    self.file = file
    guard text.utf8.count <= Self.maximumBytes else {
      throw Diagnostic(code: "RD0103", message: "\(file) is larger than 1 MiB", help: "split it")
    }
    lines = text.split(separator: "\n", omittingEmptySubsequences: false).map {
      String($0.hasSuffix("\r") ? $0.dropLast() : $0)
    }
    // Before parsing: the parser hashes keys, and hashing a key made of nested aliases takes exponential time.
    guard !Self.usesAlias(text) else {
      throw Diagnostic(code: "RD0104", message: "\(file) uses anchors and aliases", help: "write the value out")
    }
    let composed: Node?
    do {
      composed = try compose(yaml: text)
    } catch let error as YamlError {
      throw diagnostic(of: error)
    } catch {
      throw Diagnostic(code: "RD0101", message: "\(file) is not YAML")
    }
    if let composed { root = try convert(composed, depth: 1) }
  }

  /// A diagnostic that points at a value of this file.
  public func diagnostic(
    _ code: String, _ message: String, at location: SourceLocation, width: Int = 1, label: String = "",
    help: String? = nil
  ) -> Diagnostic {
    let written = lines.indices.contains(location.line - 1) ? lines[location.line - 1] : nil
    // Someone may have written a secret itself on this line; then only its place is told.
    let words = ["password", "secret", "token", "apikey", "accesskey"]
    let line = written.flatMap { text in
      words.contains { text.lowercased().contains($0) } ? nil : text
    }
    return Diagnostic(
      code: code, message: message, location: location, sourceLine: line, width: width, label: label, help: help)
  }

  private static func usesAlias(_ text: String) -> Bool {
    func names(after sign: Character) -> Set<Substring> {
      Set(
        text.split(separator: sign, omittingEmptySubsequences: false).dropFirst().map { rest in
          rest.prefix { !$0.isWhitespace && !",[]{}".contains($0) }
        }.filter { !$0.isEmpty })
    }
    let aliases = names(after: "*")
    return !aliases.isEmpty && !aliases.isDisjoint(with: names(after: "&"))
  }

  private mutating func convert(_ node: Node, depth: Int) throws(Diagnostic) -> YAMLNode {
    let location = SourceLocation(file: file, line: node.mark?.line ?? 1, column: node.mark?.column ?? 1)
    count += 1
    guard count <= Self.maximumNodes else {
      throw diagnostic("RD0103", "more than 100,000 values in one file", at: location, help: "split the file")
    }
    guard depth <= Self.maximumDepth else {
      throw diagnostic("RD0103", "nested deeper than 32 levels", at: location, help: "check the indentation")
    }
    guard node.anchor == nil else {
      throw diagnostic("RD0104", "anchors and aliases are not allowed", at: location, help: "write the value out")
    }
    switch node {
    case .scalar(let scalar): return YAMLNode(content: .scalar(scalar.string), location: location)
    case .sequence(let sequence):
      var values: [YAMLNode] = []
      for value in sequence { values.append(try convert(value, depth: depth + 1)) }
      return YAMLNode(content: .sequence(values), location: location)
    case .mapping(let mapping):
      var pairs: [(key: YAMLNode, value: YAMLNode)] = []
      for (key, value) in mapping {
        pairs.append((try convert(key, depth: depth + 1), try convert(value, depth: depth + 1)))
      }
      return YAMLNode(content: .mapping(pairs), location: location)
    case .alias:
      throw diagnostic("RD0104", "anchors and aliases are not allowed", at: location, help: "write the value out")
    }
  }

  private func diagnostic(of error: YamlError) -> Diagnostic {
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      let place = SourceLocation(file: file, line: mark.line, column: mark.column)
      return diagnostic("RD0101", "not valid YAML: \(problem)", at: place, help: "check indentation, colons and quotes")
    case .duplicatedKeysInMapping(let duplicates, let context):
      let place = SourceLocation(file: file, line: context.mark.line, column: context.mark.column)
      let names = duplicates.map { "\"\($0)\"" }.joined(separator: ", ")
      return diagnostic("RD0102", "duplicate key \(names)", at: place, help: "keep one of them")
    default: return Diagnostic(code: "RD0101", message: "\(file) is not valid YAML")
    }
  }
}
