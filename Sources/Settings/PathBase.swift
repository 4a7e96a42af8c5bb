/// The base of the relative paths in a configuration file, so that they mean the same from any directory.
struct PathBase {
  /// The current directory, as an absolute path; empty if there is none.
  let directory: String

  /// The folder that a configuration file applies to: its own, and for `config/rundown.yaml` the parent folder.
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

  /// A path resolved for the file that its value came from; a value from elsewhere stays unchanged.
  func absolute(_ path: String?, from origin: Origin) -> String? {
    guard let path, case .file(let location) = origin else { return path }
    return absolute(path, in: folder(of: location.file))
  }
}
