/// Lays one configuration file over settings.
struct SettingsFile {
  private var reader: YAMLReader
  private let isShared: Bool
  private let names: KnownNames

  /// Applies the file's values; returns all errors. If there are any, `settings` stays unchanged.
  /// - Parameters:
  ///   - isShared: whether the file serves every directory: its paths must be absolute.
  ///   - base: the base of relative paths.
  ///   - names: the queues and kinds that it may name.
  static func apply(
    _ text: String, file: String, isShared: Bool = false, base: PathBase, names: KnownNames,
    to settings: inout Settings
  ) -> [Diagnostic] {
    do throws(Diagnostic) {
      let document = try YAMLDocument(text: text, file: file)
      guard let root = document.root else { return [] }
      // If the current directory is unknown, a relative path stays unchanged.
      let isPlaced = !base.directory.isEmpty || file.hasPrefix("/")
      let folder = base.folder(of: file)
      let secretFiles: YAMLReader.SecretFiles = isShared ? .refused : isPlaced ? .from(folder) : .asWritten
      var this = SettingsFile(
        reader: YAMLReader(document, secretFiles: secretFiles), isShared: isShared, names: names)
      var result = settings
      this.read(root, into: &result)
      for name in this.reader.relativeSecrets where folder != base.directory && !base.directory.isEmpty {
        result.formerSecrets.append(
          .init(path: base.absolute(name, in: folder), former: base.absolute(name, in: base.directory)))
      }
      if this.reader.diagnostics.isEmpty { settings = result }
      return this.reader.diagnostics
    } catch {
      return [error]
    }
  }

  private mutating func read(_ root: YAMLNode, into settings: inout Settings) {
    guard case .mapping = root.content else {
      return reader.report(
        "RD0106", "expected 'key: value' pairs, found \(root.text == nil ? "a \(root.kind)" : "text")", at: root,
        help: "start with apiVersion: rundown/v1")
    }
    let entries = reader.mapping(root, "the file", known: Settings.keys(names).names)
    if !entries.contains(where: { $0.0 == "apiVersion" }) { reader.missing("apiVersion", in: "the file", at: root) }
    for (key, node) in entries {
      switch key {
      case "apiVersion":
        if node.text != "rundown/v1" {
          reader.report("RD0107", "unknown apiVersion", at: node, help: "write apiVersion: rundown/v1")
        }
      case "kind": _ = reader.choice(node, "kind", of: ["Config"])
      case "database": set(databasePath(node), node) { settings.database = $0 }
      case "worker": worker(node, &settings)
      case "storeGroup": set(groupName(node), node) { settings.storeGroup = $0 }
      case "retentionDays":
        set(reader.number(node, key, minimum: 1, maximum: 36_500), node) { settings.retentionDays = $0 }
      case "logging":
        for (_, level) in reader.mapping(node, key, known: Settings.keys(names).names(below: key)) {
          set(reader.choice(level, "logging.level", of: Settings.loggingLevels), level) { settings.loggingLevel = $0 }
        }
      case "uploads":
        for (_, roots) in reader.mapping(node, key, known: Settings.keys(names).names(below: key)) {
          set(folders(roots, "uploads.roots"), roots) { settings.uploadRoots = $0 }
        }
      default: settings.connections.read(node, by: &reader)
      }
    }
  }

  private func set<Value>(_ value: Value?, _ node: YAMLNode, _ store: (Sourced<Value>) -> Void) {
    if let value { store(Sourced(value, .file(node.location))) }
  }

  private mutating func databasePath(_ node: YAMLNode) -> String? {
    guard let path = reader.text(node, "database") else { return nil }
    guard !isShared || path.hasPrefix("/") else {
      reader.report(
        "RD0112", "database must be an absolute path in a user or system configuration", at: node,
        help: "for example: /var/lib/rundown/\(Settings.databaseName)")
      return nil
    }
    return path
  }

  /// Opening the queue file shows whether the group exists and this user belongs to it.
  private mutating func groupName(_ node: YAMLNode) -> String? {
    guard let name = reader.text(node, "storeGroup") else { return nil }
    guard !name.isEmpty, !name.contains(where: { $0.isWhitespace || "/:,".contains($0) }) else {
      reader.report(
        "RD0106", "storeGroup must be the name of a group", at: node, help: "use one that 'getent group' lists")
      return nil
    }
    return name
  }

  private mutating func worker(_ node: YAMLNode, _ settings: inout Settings) {
    for (key, node) in reader.mapping(node, "worker", known: Settings.keys(names).names(below: "worker")) {
      let path = "worker.\(key)"
      switch key {
      case "concurrency": set(reader.number(node, path, minimum: 1, maximum: 1000), node) { settings.concurrency = $0 }
      case "leaseSeconds":
        set(reader.number(node, path, minimum: 10, maximum: 86_400), node) { settings.leaseSeconds = $0 }
      case "shutdownGraceSeconds":
        set(reader.number(node, path, minimum: 0, maximum: 86_400), node) { settings.shutdownGraceSeconds = $0 }
      case "queues":
        for (name, node) in reader.mapping(node, path, known: names.queues) {
          set(reader.number(node, "\(path).\(name)", minimum: 1, maximum: 1000), node) {
            settings.queueConcurrency[name] = $0
          }
        }
      default:
        for (kind, node) in reader.mapping(node, path, known: names.kinds) {
          set(reader.number(node, "\(path).\(kind)", minimum: 1, maximum: 31_536_000), node) {
            settings.jobTimeoutSeconds[kind] = $0
          }
        }
      }
    }
  }

  /// A list of folders, each by its absolute path. An empty list would look like a restriction but not be one.
  private mutating func folders(_ node: YAMLNode, _ path: String) -> [String]? {
    guard case .sequence(let elements) = node.content, !elements.isEmpty else {
      reader.report("RD0106", "\(path) must be a list of folders", at: node, help: "write [/srv/recordings]")
      return nil
    }
    let folders = elements.compactMap { element -> String? in
      guard let folder = reader.text(element, path) else { return nil }
      if folder.hasPrefix("/") { return folder }
      reader.report("RD0106", "\(path) needs absolute paths", at: element, help: "write /srv/recordings")
      return nil
    }
    return folders.count == elements.count ? folders : nil
  }
}
