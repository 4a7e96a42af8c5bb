import Glibc

/// The -wal and -shm of a database that is open. SQLite keeps them as long as any connection lasts, so others at their
/// paths, or none, are somebody's doing.
struct Companions {
  private let path: String
  private let nodes: [String: ino_t]

  /// Remembers those of a database that was read from.
  init(of path: String) {
    self.path = path
    var nodes: [String: ino_t] = [:]
    for suffix in ["-wal", "-shm"] { nodes[suffix] = Self.node(path + suffix) }
    self.nodes = nodes
  }

  /// Whether they lie where they lay. What is written to a log that does not, nobody else will ever read.
  var areInPlace: Bool {
    nodes.allSatisfy { Self.node(path + $0.key) == $0.value }
  }

  /// Takes them away from a file that came into the place of theirs: SQLite would read the log of the former file into
  /// the new one and destroy it. They keep their content, under their names with their inodes' numbers. Where no file is,
  /// they stay: the one that was moved may be put back.
  func setAside() {
    guard Self.node(path) != nil else { return }
    for (suffix, node) in nodes where Self.node(path + suffix) == node {
      rename(path + suffix, "\(path)\(suffix)-\(node)")
    }
  }

  private static func node(_ path: String) -> ino_t? {
    var status = stat()
    return stat(path, &status) == 0 ? status.st_ino : nil
  }
}
