public import Secrets

/// Reads typed values from a document and collects every error on the way.
public struct YAMLReader {
  /// The document that is read.
  public let document: YAMLDocument
  /// The errors found so far.
  public private(set) var diagnostics: [Diagnostic] = []

  /// How a relative path to a secret's file is resolved.
  enum SecretFiles: Sendable {
    /// Unchanged: the document is not a configuration.
    case asWritten
    /// From this folder.
    case from(String)
    /// Not at all.
    case refused
  }

  /// The relative paths to secrets' files, as they were written.
  private(set) var relativeSecrets: [String] = []
  private let secretFiles: SecretFiles

  /// Creates a reader of a document.
  public init(_ document: YAMLDocument) { self.init(document, secretFiles: .asWritten) }

  init(_ document: YAMLDocument, secretFiles: SecretFiles) {
    self.document = document
    self.secretFiles = secretFiles
  }

  /// Adds an error.
  public mutating func report(
    _ code: String, _ message: String, at node: YAMLNode, label: String = "", help: String? = nil
  ) {
    diagnostics.append(
      document.diagnostic(
        code, message, at: node.location, width: node.text?.count ?? 1, label: label, help: help))
  }

  /// The entries of a mapping; with `known`, other keys are errors (RD0105). Null values are left out: generators write
  /// null for what they do not set.
  public mutating func mapping(_ node: YAMLNode, _ path: String, known: [String]? = nil) -> [(String, YAMLNode)] {
    guard case .mapping(let pairs) = node.content else {
      report("RD0106", "\(path) must be a mapping, not a \(node.kind)", at: node)
      return []
    }
    var entries: [(String, YAMLNode)] = []
    for (key, value) in pairs {
      guard let name = key.text else {
        report("RD0106", "a key of \(path) must be text", at: key)
        continue
      }
      if let known, !known.contains(name) {
        let near = Suggestion.nearest(to: name, among: known)
        report(
          "RD0105", "unknown key \"\(name)\" in \(path)", at: key,
          help: near.map { "did you mean \"\($0)\"?" } ?? "known keys: \(known.joined(separator: ", "))")
        continue
      }
      if !value.isNull { entries.append((name, value)) }
    }
    return entries
  }

  /// A text (RD0106 if it is not one).
  public mutating func text(_ node: YAMLNode, _ path: String) -> String? {
    guard let text = node.text, !text.isEmpty else {
      report("RD0106", "\(path) must be text, not \(node.text == nil ? "a \(node.kind)" : "empty")", at: node)
      return nil
    }
    return text
  }

  /// A whole number of at least `minimum` and at most `maximum` (RD0106).
  public mutating func number(_ node: YAMLNode, _ path: String, minimum: Int, maximum: Int = .max) -> Int? {
    guard let number = node.text.flatMap({ Int($0) }), (minimum...maximum).contains(number) else {
      let range = maximum == .max ? "of at least \(minimum)" : "from \(minimum) to \(maximum)"
      report("RD0106", "\(path) must be a whole number \(range)", at: node)
      return nil
    }
    return number
  }

  /// One of a few words (RD0106).
  public mutating func choice(_ node: YAMLNode, _ path: String, of words: [String]) -> String? {
    guard let text = text(node, path) else { return nil }
    guard words.contains(text) else {
      let near = Suggestion.nearest(to: text, among: words)
      report(
        "RD0106", "\(path) must be one of \(words.joined(separator: ", "))", at: node,
        help: near.map { "did you mean \"\($0)\"?" })
      return nil
    }
    return text
  }

  /// An http or https address with a host and without user information, query and fragment (RD0109); the scheme in
  /// lower case.
  public mutating func url(_ node: YAMLNode, _ path: String) -> String? {
    guard let text = text(node, path) else { return nil }
    let scheme = ["https://", "http://"].first { text.lowercased().hasPrefix($0) }
    let rest = scheme.map { text.dropFirst($0.count) }
    // Paths are appended to it, so a query or a fragment would swallow them.
    guard let scheme, let rest, case let host = rest.prefix(while: { $0 != "/" }), !host.isEmpty,
      !host.contains("@"), !host.hasPrefix(":"), !text.contains(where: { $0.isWhitespace || "?#".contains($0) })
    else {
      // An address may contain a password, so its line is not shown.
      diagnostics.append(
        Diagnostic(
          code: "RD0109", message: "\(path) is not a valid address", location: node.location,
          help: "write https://host:port, without user, password, query or fragment"))
      return nil
    }
    return scheme + rest
  }

  /// A reference to a secret; RD0110 for a literal, of which the line is never shown.
  public mutating func secret(_ node: YAMLNode, _ path: String) -> SecretReference? {
    do throws(SecretError) {
      switch node.content {
      case .scalar(let text): return located(try SecretReference(parsing: text), node, path)
      case .mapping(let pairs):
        if let command = pairs.first(where: { $0.key.text == "command" })?.value {
          return secretCommand(command, pairs, node, path)
        }
        if pairs.count == 1, let scheme = pairs[0].key.text, let value = pairs[0].value.text {
          return located(try SecretReference(scheme: scheme, value: value), node, path)
        }
      case .sequence, .null: break
      }
      report("RD0106", "\(path) must be a single reference to a secret", at: node, help: "use {credential: NAME}")
    } catch {
      diagnostics.append(
        Diagnostic(code: "RD0110", message: "\(path): \(error.cause)", location: node.location, help: error.hint))
    }
    return nil
  }

  /// A reference as the document means it: a relative path is the same file from any directory.
  private mutating func located(
    _ reference: SecretReference, _ node: YAMLNode, _ path: String
  ) -> SecretReference? {
    guard case .file(let name) = reference, !name.hasPrefix("/") else { return reference }
    switch secretFiles {
    case .asWritten: return reference
    case .from(let folder):
      relativeSecrets.append(name)
      return .file(PathBase.absolute(name, in: folder))
    case .refused:
      // Without its line, like any error about a secret.
      diagnostics.append(
        Diagnostic(
          code: "RD0112", message: "\(path) must be an absolute path in a user or system configuration",
          location: node.location, help: "for example: file:/etc/rundown/secrets/NAME"))
      return nil
    }
  }

  private mutating func secretCommand(
    _ command: YAMLNode, _ pairs: [(key: YAMLNode, value: YAMLNode)], _ node: YAMLNode, _ path: String
  ) -> SecretReference? {
    _ = mapping(node, path, known: ["command", "ttl"])
    guard case .sequence(let words) = command.content, words.first?.text?.isEmpty == false else {
      report("RD0106", "\(path).command must be a list: program, arguments", at: command)
      return nil
    }
    var ttl: Int?
    if let value = pairs.first(where: { $0.key.text == "ttl" })?.value {
      ttl = number(value, "\(path).ttl", minimum: 0, maximum: 31_536_000)
    }
    return .command(words.compactMap { self.text($0, "\(path).command") }, ttlSeconds: ttl)
  }

  /// An error for a required key that is missing (RD0108).
  public mutating func missing(_ key: String, in path: String, at node: YAMLNode) {
    if case .mapping(let pairs) = node.content,
      let null = pairs.first(where: { $0.key.text == key && $0.value.isNull })?.value
    {
      return report(
        "RD0108", "\(path) needs \"\(key)\"", at: null, label: "no value", help: "set a value for \(key)")
    }
    report("RD0108", "\(path) needs \"\(key)\"", at: node, help: "add \(key)")
  }
}
