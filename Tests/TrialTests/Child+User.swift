import Glibc

extension Child {
  /// The command by which root becomes somebody else.
  static let setpriv = "/usr/bin/setpriv"

  /// What ``setpriv`` is told.
  static func becoming(_ user: uid_t) -> [String] {
    ["--reuid=\(user)", "--regid=\(user)", "--clear-groups", "--inh-caps=-all"]
  }

  /// Whether somebody can run what was built here: every directory on the way must let them through.
  static func canBeRun(as user: uid_t) -> Bool {
    guard access(setpriv, X_OK) == 0, let program = try? path(of: "rundown") else { return false }
    var place = ""
    for part in program.split(separator: "/") {
      place += "/\(part)"
      var status = stat()
      guard stat(place, &status) == 0, status.st_uid != user, status.st_mode & 0o001 != 0 else { return false }
    }
    return true
  }
}
