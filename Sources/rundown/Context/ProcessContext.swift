import Glibc
import Settings

/// The process around a command: its environment, its directory, the files that a person names.
enum ProcessContext {
  /// The environment as it was at the start.
  static var environment: [String: String] {
    var variables: [String: String] = [:]
    var next = environ
    while let entry = next.pointee {
      let text = String(cString: entry)
      if let equals = text.firstIndex(of: "=") {
        variables[String(text[..<equals])] = String(text[text.index(after: equals)...])
      }
      next += 1
    }
    return variables
  }

  /// The current directory; nil when it was removed.
  private static var directory: String? {
    guard let buffer = getcwd(nil, 0) else { return nil }
    defer { free(buffer) }
    return String(cString: buffer)
  }

  /// The path seen from the root.
  static func absolute(_ path: String) -> String {
    guard !path.hasPrefix("/"), let directory else { return path }
    let rest = path.hasPrefix("./") ? path.dropFirst(2) : path[...]
    return directory == "/" ? "/" + rest : "\(directory)/\(rest)"
  }

  /// The settings from all layers.
  /// - Throws: ``CommandError`` with every error of every file.
  static func settings(_ options: GlobalOptions) throws -> Settings {
    let loader = SettingsLoader(environment: environment, directory: directory ?? "") {
      try TextFile.read($0, limit: 1 << 20)
    }
    let (settings, diagnostics) = loader.load(config: options.config, database: options.database)
    let errors = diagnostics.filter { $0.severity == .error }
    for warning in diagnostics where warning.severity == .warning { Output.message(warning.rendered()) }
    guard errors.isEmpty else { throw CommandError.files(errors) }
    if let former = settings.formerDatabase, access(former, F_OK) == 0 {
      Output.message(
        "note: the queue file \(former) is not used; this command uses \(settings.database.value)"
          + " (to use the other one: --database \(former))")
    }
    return settings
  }
}
