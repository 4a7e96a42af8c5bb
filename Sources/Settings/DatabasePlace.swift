/// Decides where the queue file is, so that a command means the same file from any directory.
///
/// A path from a flag or a variable is relative to the current directory, one from a project's file to that file's
/// folder. Without a path, the queue file is in the project's folder, and without a project in the user's state
/// directory.
struct DatabasePlace {
  let environment: [String: String]
  let base: PathBase
  /// The project's file, or the one that was named; nil if there is none.
  let project: String?

  /// Makes the path of the queue file absolute.
  func settle(_ settings: inout Settings) {
    let written = settings.database.value
    switch settings.database.origin {
    case .flag, .environment: settings.database.value = base.absolute(written, in: base.directory)
    case .file(let location): settings.database.value = base.absolute(written, in: base.folder(of: location.file))
    case .builtIn:
      let folder = project.map(base.folder) ?? stateDirectory ?? base.directory
      settings.database.value = base.absolute(written, in: folder)
    }
    let former = base.absolute(written, in: base.directory)
    switch settings.database.origin {
    case .flag, .environment: break
    case .file, .builtIn: if former != settings.database.value { settings.formerDatabase = former }
    }
  }

  /// According to the XDG Base Directory Specification, a relative path in the variable is ignored.
  private var stateDirectory: String? {
    let named = environment["XDG_STATE_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
    let home = environment["HOME"].flatMap { $0.hasPrefix("/") ? "\($0)/.local/state" : nil }
    return (named ?? home).map { "\($0)/rundown" }
  }
}
