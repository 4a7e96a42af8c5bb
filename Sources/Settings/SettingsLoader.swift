/// Merges the layers: flags > environment > project file > user file > system file > defaults.
public struct SettingsLoader: Sendable {
  private let environment: [String: String]
  private let directory: String
  private let names: KnownNames
  private let readFile: @Sendable (String) throws -> String?

  /// Creates a loader.
  ///
  /// - Parameters:
  ///   - environment: The process's environment.
  ///   - directory: The current directory, as an absolute path; empty if there is none.
  ///   - names: The queues and kinds of jobs that a configuration may name.
  ///   - readFile: The text of a file, nil if there is none.
  public init(
    environment: [String: String], directory: String, names: KnownNames = KnownNames(),
    readFile: @escaping @Sendable (String) throws -> String?
  ) {
    self.environment = environment
    self.directory = directory
    self.names = names
    self.readFile = readFile
  }

  /// Loads the settings and all errors of all files.
  ///
  /// - Parameters:
  ///   - config: The value of `--config`, which replaces the project file.
  ///   - database: The value of `--database`.
  public func load(config: String? = nil, database: String? = nil) -> (settings: Settings, diagnostics: [Diagnostic]) {
    var settings = Settings()
    var diagnostics: [Diagnostic] = []
    apply(["/etc/rundown/rundown.yaml"], isShared: true, &settings, &diagnostics)
    let home = environment["HOME"].map { "\($0)/.config" }
    if let user = environment["XDG_CONFIG_HOME"].flatMap({ $0.isEmpty ? nil : $0 }) ?? home {
      apply(["\(user)/rundown/rundown.yaml"], isShared: true, &settings, &diagnostics)
    }
    let project =
      if let named = config ?? environment["RUNDOWN_CONFIG"] {
        apply([named], required: true, &settings, &diagnostics)
      } else {
        apply(["rundown.yaml", "config/rundown.yaml"], &settings, &diagnostics)
      }
    if let value = environment["RUNDOWN_DATABASE"], !value.isEmpty {
      settings.database = Sourced(value, .environment("RUNDOWN_DATABASE"))
    }
    if let value = environment["RUNDOWN_LOG_LEVEL"] {
      if Settings.loggingLevels.contains(value) {
        settings.loggingLevel = Sourced(value, .environment("RUNDOWN_LOG_LEVEL"))
      } else {
        let help = "use one of \(Settings.loggingLevels.joined(separator: ", "))"
        diagnostics.append(
          Diagnostic(code: "RD0106", message: "RUNDOWN_LOG_LEVEL is not a valid log level", help: help))
      }
    }
    if let database { settings.database = Sourced(database, .flag("--database")) }
    let base = PathBase(directory: directory)
    DatabasePlace(environment: environment, base: base, project: project).settle(&settings)
    settings.connections.settlePaths(base)
    return (settings, diagnostics)
  }

  /// Applies the first of these files that exists.
  /// - Parameter isShared: whether it serves every directory, so that a relative path in it means nothing.
  /// - Returns: the file that was applied.
  @discardableResult
  private func apply(
    _ paths: [String], required: Bool = false, isShared: Bool = false, _ settings: inout Settings,
    _ diagnostics: inout [Diagnostic]
  ) -> String? {
    for path in paths {
      do {
        guard let text = try readFile(path) else {
          settings.files.lookedFor.append(path)
          continue
        }
        settings.files.read.append(path)
        diagnostics += SettingsFile.apply(
          text, file: path, isShared: isShared, base: PathBase(directory: directory), names: names, to: &settings)
      } catch {
        diagnostics.append(Diagnostic(code: "RD0111", message: "cannot read \(path): \(error)"))
      }
      return path
    }
    if required {
      let help = "check --config and RUNDOWN_CONFIG"
      diagnostics.append(Diagnostic(code: "RD0111", message: "\(paths[0]) does not exist", help: help))
    }
    return nil
  }
}
