import Glibc
import Logging

// @unchecked is sound: `lines` is touched only while `mutex` is held.
/// Keeps what is logged.
final class LogLines: @unchecked Sendable {
  struct Line: Sendable {
    var level: Logger.Level
    var message: String
    var metadata: Logger.Metadata
  }

  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private var lines: [Line] = []

  init() {
    mutex = .allocate(capacity: 1)
    pthread_mutex_init(mutex, nil)
  }

  deinit {
    pthread_mutex_destroy(mutex)
    mutex.deallocate()
  }

  var all: [Line] {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return lines
  }

  fileprivate func add(_ line: Line) {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    lines.append(line)
  }

  struct Handler: LogHandler {
    let lines: LogLines
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level = .trace

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
      lines.add(
        Line(level: event.level, message: "\(event.message)", metadata: event.metadata ?? [:]))
    }
  }
}
