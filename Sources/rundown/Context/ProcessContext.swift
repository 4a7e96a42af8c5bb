import Glibc
import Settings
import StreamingJobs

/// The environment of a command: its variables, its current folder, and the files given to it.
enum ProcessContext {
  /// The variables at the start. Those that are not UTF-8 are left out, never repaired.
  static var environment: [String: String] { variables.usable }

  /// Refuses one of our variables if it is not UTF-8: ignoring it would lead to another file.
  static func checkEnvironment() throws {
    let prefixes = ["RUNDOWN_", "XDG_", "AWS_"]
    let names = variables.unusable.filter { name in
      name == "HOME" || name == "CREDENTIALS_DIRECTORY" || prefixes.contains { name.hasPrefix($0) }
    }
    guard !names.isEmpty else { return }
    throw CommandError(
      status: .input,
      diagnostics: names.sorted().map {
        Diagnostic(code: "RD0310", message: "\($0) is not valid UTF-8", help: "set it to UTF-8 text, or unset it")
      })
  }

  private static var variables: (usable: [String: String], unusable: [String]) {
    var usable: [String: String] = [:]
    var unusable: [String] = []
    var next = environ
    while let entry = next.pointee {
      let bytes = UnsafeBufferPointer(start: entry, count: strlen(entry))
      if let equals = bytes.firstIndex(of: CChar(bitPattern: UInt8(ascii: "="))) {
        let name = String(decoding: bytes[..<equals].map { UInt8(bitPattern: $0) }, as: UTF8.self)
        if let value = String(validating: bytes[(equals + 1)...], as: UTF8.self) {
          usable[name] = value
        } else {
          unusable.append(name)
        }
      }
      next += 1
    }
    return (usable, unusable)
  }

  /// The absolute path; unchanged if the current folder cannot be determined, see ``requireFolder(for:)``.
  static func absolute(_ path: String) -> String {
    guard !path.hasPrefix("/"), case .success(let directory) = folder else { return path }
    let rest = path.hasPrefix("./") ? path.dropFirst(2) : path[...]
    return directory == "/" ? "/" + rest : "\(directory)/\(rest)"
  }

  /// Refuses a relative path if it is unclear which file it means.
  static func requireFolder(for path: String) throws {
    guard !path.hasPrefix("/"), case .failure(let problem) = folder else { return }
    throw CommandError.input(
      "RD0311", "'\(path)' is relative, and the current folder \(problem.words)",
      help: "write an absolute path, or change to another folder")
  }

  private struct NoFolder: Error {
    let words: String
  }

  private static var directory: String? { try? folder.get() }

  private static var folder: Result<String, NoFolder> {
    guard let buffer = getcwd(nil, 0) else {
      return .failure(NoFolder(words: "cannot be determined: \(String(cString: strerror(errno)))"))
    }
    defer { free(buffer) }
    let name = String(validating: UnsafeBufferPointer(start: buffer, count: strlen(buffer)), as: UTF8.self)
    guard let name else { return .failure(NoFolder(words: "has a name that is not valid UTF-8")) }
    // A folder outside this process's root directory.
    return name.hasPrefix("/") ? .success(name) : .failure(NoFolder(words: "cannot be reached from the root"))
  }

  /// The names that a configuration may use: a setting for a name that no job has would have no effect.
  private static var names: KnownNames {
    KnownNames(queues: JobKinds.streaming.queues, kinds: JobKinds.streaming.all.map(\.kind))
  }

  /// Points out a secret's file that is only where earlier versions looked for it.
  static func pointOutSecrets(_ settings: Settings) {
    for file in Set(settings.formerSecrets).sorted(by: { $0.path < $1.path })
    where access(file.path, F_OK) != 0 && access(file.former, F_OK) == 0 {
      Output.message(
        "note: the secret in \(file.former) is not used: a relative path is relative to the configuration's folder,"
          + " which makes it \(file.path) (move the file there, or write an absolute path)")
    }
  }

  /// The settings from all layers.
  /// - Throws: ``CommandError`` with every error of every file.
  static func settings(_ options: GlobalOptions) throws -> Settings {
    let loader = SettingsLoader(environment: environment, directory: directory ?? "", names: names) {
      try TextFile.read($0, limit: 1 << 20)
    }
    let (settings, diagnostics) = loader.load(config: options.config, database: options.database)
    let errors = diagnostics.filter { $0.severity == .error }
    for warning in diagnostics where warning.severity == .warning { Output.diagnostic(warning.rendered()) }
    guard errors.isEmpty else { throw CommandError.files(errors) }
    if let former = settings.formerDatabase, access(former, F_OK) == 0 {
      Output.sentence(
        "note: the queue file \(former) is not used; this command uses \(settings.database.value)"
          + " (to use the other one: --database \(former))")
    }
    return settings
  }
}
