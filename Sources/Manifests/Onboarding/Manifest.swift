package import Settings

/// A manifest or a sheet after reading: what should exist, and the connections that it defines.
package struct Manifest: Sendable {
  /// What should exist.
  package var onboarding: Onboarding
  /// The connections in its own documents.
  package var connections = Connections()
  /// The lines of its files, by place.
  var lines = ManifestLines()
  /// Its errors, which are thrown together with those of an expansion.
  var problems = ReadingProblems()

  /// The largest number of documents in one file.
  package static let mostDocuments = 100

  /// Reads a manifest: documents of the kinds `Onboarding`, exactly one, and `Connections`.
  /// - Parameters:
  ///   - text: the text of the file.
  ///   - file: the file as it was given.
  ///   - sources: the files and zones that it refers to.
  ///   - profile: the layer below its defaults.
  /// - Throws: errors that leave no manifest at all; all others are thrown by the expansion, together with its own.
  package static func read(
    _ text: String, file: String, _ sources: ManifestSources, profile: Profile? = nil
  ) throws(JobFileProblems) -> Manifest {
    let documents: [YAMLDocument]
    do {
      documents = try YAMLDocument.documents(of: text, file: file, limit: mostDocuments)
    } catch {
      throw JobFileProblems(diagnostics: [error])
    }
    var reading = ManifestReading(sources: sources, profile: profile)
    for document in documents { reading.read(document) }
    return try reading.manifest(file)
  }

  /// Reads a sheet, whose rows are the streams of a manifest without any other layer than a profile.
  /// - Parameters:
  ///   - bytes: the bytes of the file.
  ///   - file: the file as it was given.
  ///   - name: the manifest's name.
  ///   - profile: what its rows inherit.
  /// - Throws: errors that leave no sheet at all; all others are thrown by the expansion, together with its own.
  package static func sheet(
    _ bytes: [UInt8], file: String, name: String, profile: Profile? = nil
  ) throws(JobFileProblems) -> Manifest {
    let table: CSVTable
    do {
      table = try CSVTable(try SheetText(bytes, file: file))
    } catch let problem as Diagnostic {
      throw JobFileProblems(diagnostics: [problem])
    } catch let problems as JobFileProblems {
      throw problems
    } catch {
      throw JobFileProblems(diagnostics: [Diagnostic(code: "RD0401", message: "\(file) cannot be read: \(error)")])
    }
    let (streams, diagnostics) = SheetReader.read(table)
    guard streams.count <= Onboarding.mostStreams else {
      throw JobFileProblems(diagnostics: [
        Diagnostic(
          code: "RD0404", message: "\(file) has more than 10,000 streams",
          location: streams[Onboarding.mostStreams].place, help: "split the sheet")
      ])
    }
    var onboarding = Onboarding(name: name, place: SourceLocation(file: file, line: 1, column: 1))
    onboarding.profile = profile?.values ?? GivenValues()
    onboarding.streams = streams
    var manifest = Manifest(onboarding: onboarding)
    manifest.problems = ReadingProblems(diagnostics)
    manifest.lines.add(table.text)
    if let profile { manifest.lines.add(profile.document) }
    return manifest
  }

  /// Reads connections: a file with one document of that kind, or a configuration with that section.
  /// - Parameters:
  ///   - text: the text of the file.
  ///   - file: the file as it was given.
  /// - Throws: all errors in it.
  package static func connections(_ text: String, file: String) throws(JobFileProblems) -> Connections {
    do {
      let document = try YAMLDocument(text: text, file: file)
      var reader = YAMLReader(document)
      guard let root = document.root else { return Connections() }
      let connections = ManifestReading.connections(root, by: &reader)
      guard reader.diagnostics.isEmpty else { throw JobFileProblems(diagnostics: reader.diagnostics) }
      return connections
    } catch let problem as Diagnostic {
      throw JobFileProblems(diagnostics: [problem])
    } catch let problems as JobFileProblems {
      throw problems
    } catch {
      throw JobFileProblems(diagnostics: [Diagnostic(code: "RD0111", message: "\(file) cannot be read: \(error)")])
    }
  }
}

/// Goes through the documents of a manifest.
private struct ManifestReading {
  let sources: ManifestSources
  let profile: Profile?
  private var onboarding: Onboarding?
  private var connections = Connections()
  private var lines = ManifestLines()
  private var diagnostics: [Diagnostic] = []

  init(sources: ManifestSources, profile: Profile?) {
    self.sources = sources
    self.profile = profile
    if let profile { lines.add(profile.document) }
  }

  mutating func read(_ document: YAMLDocument) {
    guard let root = document.root else { return }
    lines.add(document)
    var reader = YAMLReader(document)
    guard case .mapping(let pairs) = root.content else {
      reader.report(
        "RD0106", "expected 'key: value' pairs, found \(root.text == nil ? "a \(root.kind)" : "text")", at: root,
        help: "start with apiVersion: rundown/v1 and kind: Onboarding")
      diagnostics += reader.diagnostics
      return
    }
    let kind = pairs.first { $0.key.text == "kind" }?.value
    let version = pairs.first { $0.key.text == "apiVersion" }?.value
    switch kind?.text {
    case "Connections":
      connections.merge(Self.connections(root, by: &reader))
    case "Onboarding" where onboarding != nil:
      reader.report(
        "RD0407", "a second Onboarding starts here", at: root, help: "write one Onboarding per file")
    case "Onboarding":
      ManifestHead.check(version, kind, is: "Onboarding", at: root, by: &reader)
      var walk = OnboardingReader(document, sources, profile: profile?.values ?? GivenValues(), at: root.location)
      onboarding = walk.read(root)
      for sheet in walk.sheets { lines.add(sheet) }
      diagnostics += walk.reader.diagnostics + walk.diagnostics.map { lines.shown($0) }
    default: refuse(kind, at: root, by: &reader)
    }
    diagnostics += reader.diagnostics
  }

  private func refuse(_ kind: YAMLNode?, at root: YAMLNode, by reader: inout YAMLReader) {
    guard let kind else { return reader.missing("kind", in: "the document", at: root) }
    let help =
      switch kind.text {
      case "Jobs": "enqueue it with: rundown enqueue FILE"
      case "Profile": "pass it with --profile, and a sheet or a manifest as FILE"
      case "Config": "pass it with --config, and a sheet or a manifest as FILE"
      default: "write kind: Onboarding"
      }
    reader.report("RD0107", "kind must be Onboarding or Connections", at: kind, help: help)
  }

  static func connections(_ root: YAMLNode, by reader: inout YAMLReader) -> Connections {
    var connections = Connections()
    let keys = reader.mapping(root, "the document", known: ["apiVersion", "kind", "metadata", "connections"])
    let entries = Dictionary(keys, uniquingKeysWith: { first, _ in first })
    ManifestHead.check(entries["apiVersion"], entries["kind"], is: "Connections", at: root, by: &reader)
    if let node = entries["connections"] {
      connections.read(node, by: &reader)
    } else {
      reader.missing("connections", in: "the document", at: root)
    }
    return connections
  }

  func manifest(_ file: String) throws(JobFileProblems) -> Manifest {
    var told: Set<Diagnostic> = []
    let all = diagnostics.filter { told.insert($0).inserted }
    guard let onboarding else {
      guard all.isEmpty else { throw JobFileProblems(diagnostics: Array(all.prefix(CSVTable.mostDiagnostics))) }
      throw JobFileProblems(diagnostics: [
        Diagnostic(
          code: "RD0410", message: "\(file) contains no Onboarding document",
          help: "see docs/manifests.md for an example")
      ])
    }
    return Manifest(
      onboarding: onboarding, connections: connections, lines: lines, problems: ReadingProblems(all))
  }
}

/// The lines of the files of a manifest, for showing where something is wrong.
struct ManifestLines: Sendable {
  private var documents: [String: YAMLDocument] = [:]
  private var sheets: [String: SheetText] = [:]

  mutating func add(_ document: YAMLDocument) { documents[document.file] = document }

  mutating func add(_ sheet: SheetText) { sheets[sheet.file] = sheet }

  /// Adds the quoted line to a diagnostic.
  func shown(_ diagnostic: Diagnostic) -> Diagnostic {
    guard diagnostic.sourceLine == nil, let place = diagnostic.location else { return diagnostic }
    var shown = diagnostic
    shown.sourceLine =
      documents[place.file]?.diagnostic(diagnostic.code, "", at: place).sourceLine
      ?? sheets[place.file]?.line(place.line)
    return shown
  }
}
