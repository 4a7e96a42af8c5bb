import JobQueue
import Settings

/// The parts of JSON Schema that ours use, written down once more: whether a value is as a schema says.
struct SchemaValidator {
  private var definitions: [String: JSONValue] = [:]

  init(_ schema: JSONValue) {
    guard case .object(let rules) = schema, case .object(let definitions)? = rules["$defs"] else { return }
    for (name, definition) in definitions { self.definitions["#/$defs/\(name)"] = definition }
  }

  /// What is wrong, each with its place; empty when nothing is.
  func problems(_ value: JSONValue, _ schema: JSONValue, at path: String = "") -> [String] {
    guard case .object(let rules) = schema else { return ["\(path): the schema is none"] }
    if case .string(let name)? = rules["$ref"] {
      guard let schema = definitions[name] else { return ["\(path): the schema has no \(name)"] }
      return problems(value, schema, at: path)
    }
    var problems: [String] = []
    let known: Set = [
      "$schema", "$defs", "title", "description", "deprecated", "type", "enum", "const", "properties", "required",
      "additionalProperties", "items", "anyOf", "allOf", "if", "then", "else", "minimum", "maximum", "pattern",
    ]
    problems += rules.keys.filter { !known.contains($0) }.map { "\(path): the schema says \($0)" }
    if let type = rules["type"], !Self.isOf(type, value) { problems.append("\(path): not of the type \(type)") }
    if let word = rules["const"], word != value { problems.append("\(path): \(value) is not \(word)") }
    if case .array(let words)? = rules["enum"], !words.contains(value) {
      problems.append("\(path): \(value) is not known")
    }
    if case .int(let number) = value {
      if case .int(let least)? = rules["minimum"], number < least { problems.append("\(path): too small") }
      if case .int(let most)? = rules["maximum"], number > most { problems.append("\(path): too large") }
    }
    if case .string(let text) = value, case .string(let pattern)? = rules["pattern"],
      (try? Regex(pattern).firstMatch(in: text)) == nil
    {
      problems.append("\(path): '\(text)' is not as \(pattern)")
    }
    if case .object(let entries) = value { problems += ofMapping(entries, rules, path) }
    if case .array(let elements) = value, let items = rules["items"] {
      for (index, element) in elements.enumerated() {
        problems += self.problems(element, items, at: "\(path)[\(index)]")
      }
    }
    if case .array(let choices)? = rules["anyOf"] {
      let found = choices.map { self.problems(value, $0, at: path) }
      if !found.contains(where: \.isEmpty) { problems += found.min { $0.count < $1.count } ?? [] }
    }
    if case .array(let all)? = rules["allOf"] { problems += all.flatMap { self.problems(value, $0, at: path) } }
    if let condition = rules["if"] {
      let branch = self.problems(value, condition, at: path).isEmpty ? rules["then"] : rules["else"]
      if let branch { problems += self.problems(value, branch, at: path) }
    }
    return problems
  }

  private func ofMapping(
    _ entries: [String: JSONValue], _ rules: [String: JSONValue], _ path: String
  ) -> [String] {
    var problems: [String] = []
    var properties: [String: JSONValue] = [:]
    if case .object(let known)? = rules["properties"] { properties = known }
    if case .array(let required)? = rules["required"] {
      for case .string(let key) in required where entries[key] == nil { problems.append("\(path) lacks \(key)") }
    }
    for (key, value) in entries {
      if let property = properties[key] {
        problems += self.problems(value, property, at: "\(path).\(key)")
      } else if rules["additionalProperties"] == .bool(false) {
        problems.append("\(path).\(key) is not known")
      } else if case .object? = rules["additionalProperties"], let others = rules["additionalProperties"] {
        problems += self.problems(value, others, at: "\(path).\(key)")
      }
    }
    return problems
  }

  private static func isOf(_ type: JSONValue, _ value: JSONValue) -> Bool {
    if case .array(let types) = type { return types.contains { isOf($0, value) } }
    return switch (type, value) {
    case (.string("string"), .string), (.string("integer"), .int), (.string("number"), .int),
      (.string("number"), .double), (.string("boolean"), .bool), (.string("object"), .object),
      (.string("array"), .array):
      true
    default: false
    }
  }
}

extension YAMLNode {
  /// The value as an editor sees it, by the core schema of YAML 1.2.
  var plainValue: JSONValue {
    switch content {
    case .null: .null
    case .scalar("true"): .bool(true)
    case .scalar("false"): .bool(false)
    case .scalar(let text): Int64(text).map { .int($0) } ?? Double(text).map { .double($0) } ?? .string(text)
    case .sequence(let elements): .array(elements.map(\.plainValue))
    case .mapping(let pairs):
      .object(
        Dictionary(pairs.map { ($0.key.text ?? "", $0.value.plainValue) }, uniquingKeysWith: { first, _ in first }))
    }
  }
}
