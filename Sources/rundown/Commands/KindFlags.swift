import ArgumentParser
import JobQueue
import Manifests
import Settings
import StreamingJobs

/// The options for a kind's parameters.
///
/// The parser discovers what a type declares through its mirror, and reads values through `Decodable`. Both are
/// answered here from the kind's fields, so that no kind needs a second list of its parameters.
struct KindFlags<Kind: JobKind>: ParsableArguments, CustomReflectable {
  /// The texts given for each field.
  private var given: [String: [String]] = [:]

  init() {}

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: FieldFlag.Key.self)
    for field in Self.flags { given[field.name] = try FieldFlag(field).read(container) }
  }

  var customMirror: Mirror {
    // A label as the compiler gives it to a wrapped property.
    Mirror(self, children: Self.flags.map { (label: "_\($0.name)", value: FieldFlag($0).declaration) })
  }

  /// The kind's parameters; a start may be given its stop as well.
  private static var flags: [JobField] { Kind.fields + (Kind.airtime == .start ? [Airtime.stopAfter] : []) }

  /// The time from the planned start to the stop, as it was given; nil when it was not.
  var stopAfter: String? { given[Airtime.stopAfter.name]?.last }

  /// The parameters that the flags say.
  /// - Throws: ``InvalidParameters`` with everything that is wrong with them.
  func parameters() throws -> Kind.Handler.Parameters {
    let reading = try reading()
    guard let parameters = reading.parameters else {
      let absent = missing.map { ParameterIssue(field: $0.name, message: "missing") }
      throw InvalidParameters(kind: Kind.Handler.Parameters.kind, issues: absent + reading.issues)
    }
    return parameters
  }

  /// The values that the flags say, when they make parameters.
  /// - Throws: ``CommandError`` with everything that is wrong with them.
  func checkedValues() throws -> [String: JSONValue] {
    let reading = try reading()
    guard reading.parameters != nil else { throw CommandError(status: .input, diagnostics: reading.diagnostics) }
    return reading.values
  }

  /// What the flags say, read as far as it goes.
  func reading() throws -> FlagReading<Kind.Handler.Parameters> {
    var reading = FlagReading<Kind.Handler.Parameters>()
    var unusable = Set(missing.map(\.name))
    if !missing.isEmpty { reading.diagnostics.append(needs(missing)) }
    for field in Kind.fields {
      guard let texts = given[field.name] else { continue }
      if field.shape == .path, let problem = Self.folderProblem(texts) {
        unusable.insert(field.name)
        reading.diagnostics += problem.of(flag: "--\(field.flag)").diagnostics
        continue
      }
      do throws(FieldProblem) {
        reading.values[field.name] = try Self.value(of: texts, field)
      } catch {
        unusable.insert(field.name)
        reading.issues.append(ParameterIssue(field: field.name, message: error.message, hint: error.help))
      }
    }
    let read = try ParameterReading(reading.values, unusable: unusable, of: JobKindDescription(Kind.self))
    reading.issues += read.issues
    reading.diagnostics += reading.issues.map(diagnostic)
    reading.parameters = read.parameters as? Kind.Handler.Parameters
    return reading
  }

  /// Why a relative path has no meaning here; nil if it has one.
  private static func folderProblem(_ texts: [String]) -> CommandError? {
    do {
      for text in texts { try ProcessContext.requireFolder(for: text) }
      return nil
    } catch {
      return CommandError(error)
    }
  }

  private static func value(of texts: [String], _ field: JobField) throws(FieldProblem) -> JSONValue {
    switch field.shape {
    case .strings: return .array(texts.map { .string($0) })
    case .stringMap:
      var pairs: [NameAndValue] = []
      for text in texts {
        guard let pair = NameAndValue(argument: text) else {
          throw FieldProblem("'\(text)' is not a NAME=VALUE pair", help: "write NAME=VALUE")
        }
        pairs.append(pair)
      }
      return .object(NameAndValue.dictionary(pairs).mapValues { .string($0) })
    case .string, .int, .bool, .choice, .connection, .path: break
    }
    return try FieldValue.scalar(texts.last ?? "", field, absolute: ProcessContext.absolute)
  }

  private var missing: [JobField] { Kind.fields.filter { $0.isRequired && given[$0.name] == nil } }

  private func needs(_ fields: [JobField]) -> Diagnostic {
    let flags = fields.map { "--\($0.flag)" }
    let kind = Kind.Handler.Parameters.kind
    return Diagnostic(
      code: "RD0301", message: "\(kind) needs \(flags.joined(separator: ", "))",
      notes: zip(flags, fields).map { "\($0): \($1.help)" }, help: "see: rundown enqueue \(kind) --help")
  }

  private func diagnostic(_ issue: ParameterIssue) -> Diagnostic {
    Diagnostic(
      code: "RD0205", message: "\(issue.field): \(issue.message)",
      flag: Kind.fields.first { $0.name == issue.field }.map { "--\($0.flag)" },
      help: issue.hint ?? "see: rundown enqueue \(Kind.Handler.Parameters.kind) --help")
  }
}

/// What was read from the options of a kind.
struct FlagReading<Parameters: JobParameters> {
  /// The parameters; nil if something is missing or wrong.
  var parameters: Parameters?
  /// The values that could be read.
  var values: [String: JSONValue] = [:]
  /// What is wrong with the values.
  var issues: [ParameterIssue] = []
  /// Everything that is wrong, including what is missing.
  var diagnostics: [Diagnostic] = []
}

/// The option for a parameter: how it is declared to the parser, and how it is read. The parser treats it as optional
/// text, so that all mistakes are reported at once, and in the same words as in a file.
private struct FieldFlag {
  struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  /// An `Option` with any number of texts.
  let declaration: Any
  /// The texts given; nil if there are none.
  let read: (KeyedDecodingContainer<Key>) throws -> [String]?

  init(_ field: JobField) {
    let key = Key(stringValue: field.name)
    let name = NameSpecification.customLong(field.flag)
    switch field.shape {
    case .strings, .stringMap:
      declaration = Option<[String]>(wrappedValue: [], name: name, help: .of(field))
      read = {
        let texts = try $0.decode(Option<[String]>.self, forKey: key).wrappedValue
        return texts.isEmpty ? nil : texts
      }
    case .string, .path, .choice, .connection, .int, .bool:
      declaration = Option<String?>(name: name, help: .of(field), completion: Self.completion(field))
      read = { try $0.decode(Option<String?>.self, forKey: key).wrappedValue.map { [$0] } }
    }
  }

  private static func completion(_ field: JobField) -> CompletionKind? {
    switch field.shape {
    case .choice(let words): .list(words)
    case .path: .file()
    case .bool: .list(["true", "false"])
    case .connection(let kind): .connections(kind)
    case .string, .int, .strings, .stringMap: nil
    }
  }
}

extension ArgumentHelp {
  /// The help of a parameter: written once with its kind, shown everywhere.
  fileprivate static func of(_ field: JobField) -> ArgumentHelp {
    let words: String =
      if case .choice(let words) = field.shape { " One of \(words.joined(separator: ", "))." } else { "" }
    let help = field.help.prefix(1).uppercased() + field.help.dropFirst()
    return ArgumentHelp("\(help).\(words)\(field.fallback.map { " (default: \($0))" } ?? "")")
  }
}
