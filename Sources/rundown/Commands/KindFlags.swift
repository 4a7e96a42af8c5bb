import ArgumentParser
import JobQueue
import Manifests
import StreamingJobs

/// The flags of a kind's parameters.
///
/// The parser finds what a type declares by its mirror, and reads what was given through `Decodable`. Both are answered
/// from the kind's fields here, so that no kind has a second list of its parameters.
struct KindFlags<Kind: JobKind>: ParsableArguments, CustomReflectable {
  private var given: [String: JSONValue] = [:]

  init() {}

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: FieldFlag.Key.self)
    for field in Kind.fields { given[field.name] = try FieldFlag(field).read(container) }
  }

  var customMirror: Mirror {
    // A label as the compiler gives it to a wrapped property.
    Mirror(self, children: Kind.fields.map { (label: "_\($0.name)", value: FieldFlag($0).declaration) })
  }

  /// The parameters that the flags say.
  /// - Throws: ``InvalidParameters`` with everything that is wrong with them, or ``CommandError``.
  func parameters() throws -> Kind.Handler.Parameters {
    var values = given
    var issues: [ParameterIssue] = []
    for field in Kind.fields {
      guard case .string(let text)? = given[field.name] else { continue }
      if field.shape == .path { try ProcessContext.requireFolder(for: text) }
      do throws(FieldProblem) {
        values[field.name] = try FieldValue.scalar(text, field, absolute: ProcessContext.absolute)
      } catch {
        values[field.name] = nil
        issues.append(ParameterIssue(field: field.name, message: error.message, hint: error.help))
      }
    }
    let kind = Kind.Handler.Parameters.kind
    do {
      let parameters = try JSONText.decode(
        Kind.Handler.Parameters.self, from: try JSONText.encode(JSONValue.object(values)))
      issues += parameters.validate()
      if issues.isEmpty { return parameters }
    } catch  where !issues.isEmpty {
      // What is missing is what was taken out above.
    }
    throw InvalidParameters(kind: kind, issues: issues)
  }
}

/// A parameter's flag: what the parser is told of it, and how it is read.
private struct FieldFlag {
  struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  typealias Container = KeyedDecodingContainer<Key>

  /// An `Option` of the field's type.
  let declaration: Any
  /// What was given; nil when nothing was.
  let read: (Container) throws -> JSONValue?

  init(_ field: JobField) {
    switch field.shape {
    case .string, .path, .choice, .connection: self = .one(field, String.self) { .string($0) }
    case .int: self = .one(field, Int.self) { .int(Int64($0)) }
    case .bool: self = .one(field, Bool.self) { .bool($0) }
    case .strings: self = .many(field, String.self) { .array($0.map { .string($0) }) }
    case .stringMap:
      self = .many(field, NameAndValue.self) { .object(NameAndValue.dictionary($0).mapValues { .string($0) }) }
    }
  }

  private init(_ declaration: Any, _ read: @escaping (Container) throws -> JSONValue?) {
    self.declaration = declaration
    self.read = read
  }

  private static func one<Value: ExpressibleByArgument>(
    _ field: JobField, _ type: Value.Type, _ json: @escaping (Value) -> JSONValue
  ) -> FieldFlag {
    let key = Key(stringValue: field.name)
    let name = NameSpecification.customLong(field.flag)
    if field.isRequired {
      return FieldFlag(Option<Value>(name: name, help: .of(field), completion: completion(field))) {
        json(try $0.decode(Option<Value>.self, forKey: key).wrappedValue)
      }
    }
    return FieldFlag(Option<Value?>(name: name, help: .of(field), completion: completion(field))) {
      try $0.decode(Option<Value?>.self, forKey: key).wrappedValue.map(json)
    }
  }

  /// What a shell may complete; nil for what only the person knows.
  private static func completion(_ field: JobField) -> CompletionKind? {
    switch field.shape {
    case .choice(let words): .list(words)
    case .path: .file()
    case .bool: .list(["true", "false"])
    case .connection(let kind): .connections(kind)
    case .string, .int, .strings, .stringMap: nil
    }
  }

  private static func many<Value: ExpressibleByArgument>(
    _ field: JobField, _ type: Value.Type, _ json: @escaping ([Value]) -> JSONValue
  ) -> FieldFlag {
    let key = Key(stringValue: field.name)
    let name = NameSpecification.customLong(field.flag)
    let option =
      field.isRequired
      ? Option<[Value]>(name: name, help: .of(field)) : Option<[Value]>(wrappedValue: [], name: name, help: .of(field))
    return FieldFlag(option) {
      let values = try $0.decode(Option<[Value]>.self, forKey: key).wrappedValue
      return values.isEmpty ? nil : json(values)
    }
  }
}

extension ArgumentHelp {
  /// What the kind says of a parameter: said once, shown everywhere.
  fileprivate static func of(_ field: JobField) -> ArgumentHelp {
    let words: String =
      if case .choice(let words) = field.shape { " One of \(words.joined(separator: ", "))." } else { "" }
    let help = field.help.prefix(1).uppercased() + field.help.dropFirst()
    return ArgumentHelp("\(help).\(words)\(field.fallback.map { " (default: \($0))" } ?? "")")
  }
}
