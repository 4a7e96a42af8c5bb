/// One YAML or JSON file, read within bounds: 1 MiB, 32 levels, 100,000 values, no anchors.
public struct YAMLDocument: Sendable {
  /// The largest file in bytes.
  public static let maximumBytes = 1_048_576
  /// The deepest nesting.
  public static let maximumDepth = 32
  /// The maximum number of values.
  public static let maximumNodes = 100_000

  /// The file as the user named it.
  public var file: String { source.file }
  /// The top value; nil for an empty file.
  public let root: YAMLNode?
  private let source: SourceText

  /// Reads the text of a file: as JSON if it starts like JSON and is valid, otherwise as YAML. A file with the
  /// extension of a JSON file is never YAML. A byte order mark is skipped.
  ///
  /// - Throws: ``Diagnostic``: RD0101 syntax, RD0102 duplicate key, RD0103 exceeded bound, RD0104 anchor or alias,
  ///   RD0111 if libyaml is not installed.
  public init(text: String, file: String) throws(Diagnostic) {
    let source = SourceText(text, file: file)
    guard text.utf8.count <= Self.maximumBytes else {
      throw Diagnostic(
        code: "RD0103", message: "\(file) is larger than 1 MiB", location: source.location(ofByte: Self.maximumBytes),
        help: "split the file")
    }
    self.init(source, root: try Self.root(of: source))
  }

  /// Every document of a YAML file, or the one of a JSON file, without empty ones.
  ///
  /// - Parameters:
  ///   - text: the text of the file; the bounds of a document apply to all of it.
  ///   - file: the file as the user named it.
  ///   - limit: the maximum number of documents.
  /// - Throws: ``Diagnostic``, like reading one document.
  public static func documents(of text: String, file: String, limit: Int) throws(Diagnostic) -> [YAMLDocument] {
    guard !looksLikeJSON(text), text.utf8.count <= maximumBytes else {
      let document = try YAMLDocument(text: text, file: file)
      return document.root == nil ? [] : [document]
    }
    let source = SourceText(text, file: file)
    return try YAMLParser.parseAll(source, limit: limit).map { YAMLDocument(source, root: $0) }
  }

  private init(_ source: SourceText, root: YAMLNode?) {
    self.source = source
    self.root = root
  }

  private static func root(of source: SourceText) throws(Diagnostic) -> YAMLNode? {
    let isNamedJSON = isNamed(source.file, [".json", ".jsonl", ".ndjson"])
    guard isNamedJSON || looksLikeJSON(source.text) else { return try YAMLParser.parse(source) }
    var parser = JSONParser(source)
    do {
      return try parser.document()
    } catch {
      if isNamedJSON { throw error }
      do {
        return try YAMLParser.parse(source)
      } catch let other {
        throw isNamed(source.file, [".yaml", ".yml"]) ? other : error
      }
    }
  }

  /// Whether a text, apart from white space and a byte order mark, starts with a bracket, as JSON files do.
  public static func looksLikeJSON(_ text: String) -> Bool {
    let first = text.unicodeScalars.first { $0 != "\u{FEFF}" && !$0.properties.isWhitespace }
    return first == "{" || first == "["
  }

  private static func isNamed(_ file: String, _ endings: [String]) -> Bool {
    endings.contains { file.lowercased().hasSuffix($0) }
  }

  /// Every JSON value of a text, one per line or with any white space between them; the bounds of a document apply to
  /// each, except that of the bytes. After an error it continues at the next line that starts with an object.
  ///
  /// - Parameters:
  ///   - limit: the maximum number of values to read.
  ///   - errorLimit: the maximum number of errors to collect.
  public static func jsonValues(
    of text: String, file: String, limit: Int, errorLimit: Int
  ) -> (documents: [YAMLDocument], diagnostics: [Diagnostic]) {
    let source = SourceText(text, file: file)
    var parser = JSONParser(source)
    var documents: [YAMLDocument] = []
    var diagnostics: [Diagnostic] = []
    while documents.count < limit, diagnostics.count < errorLimit {
      do {
        guard let root = try parser.nextValue() else { break }
        documents.append(YAMLDocument(source, root: root))
      } catch {
        diagnostics.append(error)
        parser.skipToNextObject()
      }
    }
    return (documents, diagnostics)
  }

  /// A diagnostic that points at a value of this file.
  public func diagnostic(
    _ code: String, _ message: String, at location: SourceLocation, width: Int = 1, label: String = "",
    help: String? = nil
  ) -> Diagnostic {
    source.diagnostic(code, message, at: location, width: width, label: label, help: help)
  }
}
