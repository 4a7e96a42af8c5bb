/// Decides where the queue file lies, so that a command means the same file from wherever it is run.
///
/// A path from a flag or a variable is taken from the current directory, one from a file of the project from that file's
/// folder. Without any, the queue file lies in the project's folder, and without a project in the user's state directory.
struct DatabasePlace {
  let environment: [String: String]
  /// The current directory.
  let directory: String
  /// The project's file, or the one that was named; nil when there is none.
  let project: String?

  /// Makes the path of the queue file absolute.
  func settle(_ settings: inout Settings) {
    let written = settings.database.value
    switch settings.database.origin {
    case .flag, .environment: settings.database.value = absolute(written, in: directory)
    case .file(let location): settings.database.value = absolute(written, in: folder(of: location.file))
    case .builtIn:
      let folder = project.map(folder) ?? stateDirectory ?? directory
      settings.database.value = absolute(written, in: folder)
    }
    let former = absolute(written, in: directory)
    switch settings.database.origin {
    case .flag, .environment: break
    case .file, .builtIn: if former != settings.database.value { settings.formerDatabase = former }
    }
  }

  /// The folder that a configuration file speaks for: its own, and of `config/rundown.yaml` the one above.
  private func folder(of file: String) -> String {
    let path = absolute(file, in: directory)
    var names = path.split(separator: "/")
    if names.suffix(2) == ["config", "rundown.yaml"] { names.removeLast() }
    return "/" + names.dropLast().joined(separator: "/")
  }

  /// The XDG Base Directory Specification: a relative path in the variable is to be ignored.
  private var stateDirectory: String? {
    let named = environment["XDG_STATE_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
    let home = environment["HOME"].flatMap { $0.hasPrefix("/") ? "\($0)/.local/state" : nil }
    return (named ?? home).map { "\($0)/rundown" }
  }

  private func absolute(_ path: String, in folder: String) -> String {
    guard !path.hasPrefix("/"), !folder.isEmpty else { return path }
    var rest = path[...]
    while rest.hasPrefix("./") { rest = rest.dropFirst(2) }
    return folder == "/" ? "/\(rest)" : "\(folder)/\(rest)"
  }
}
