/// Where the relative paths of a configuration file are taken from, so that they mean the same from wherever a command
/// is run.
struct PathBase {
  /// The current directory, as an absolute path; empty when it has none.
  let directory: String

  /// The folder that a configuration file speaks for: its own, and of `config/rundown.yaml` the one above.
  func folder(of file: String) -> String {
    let path = absolute(file, in: directory)
    var names = path.split(separator: "/")
    if names.suffix(2) == ["config", "rundown.yaml"] { names.removeLast() }
    return "/" + names.dropLast().joined(separator: "/")
  }

  func absolute(_ path: String, in folder: String) -> String { Self.absolute(path, in: folder) }

  static func absolute(_ path: String, in folder: String) -> String {
    guard !path.hasPrefix("/"), !folder.isEmpty else { return path }
    var rest = path[...]
    while rest.hasPrefix("./") { rest = rest.dropFirst(2) }
    return folder == "/" ? "/\(rest)" : "\(folder)/\(rest)"
  }

  /// A path as the file means it that a value came from; one that came from nowhere else stays as it is.
  func absolute(_ path: String?, from origin: Origin) -> String? {
    guard let path, case .file(let location) = origin else { return path }
    return absolute(path, in: folder(of: location.file))
  }
}
