import Glibc
import Testing

/// A directory for one queue file, removed with it at the test's end.
final class TemporaryDirectory: Sendable {
  let path: String

  init() throws {
    let template = strdup("/tmp/worker-XXXXXX")
    defer { free(template) }
    path = String(cString: try #require(template.flatMap { mkdtemp($0) }))
  }

  var database: String { "\(path)/jobs.db" }

  deinit {
    for suffix in ["", "-wal", "-shm", "-turn"] { unlink(database + suffix) }
    rmdir(path)
  }
}
