import Glibc

// @unchecked is sound: everything is set once in `init`, before the one thread that uses it exists.
/// A thread that hears writes to the -wal file of a database, also one that is created later.
final class DirectoryWatch: @unchecked Sendable {
  private let descriptor: Int32
  private let stopper: Int32
  private let names: Set<String>
  private let heard: () -> Void

  /// - Parameter stopper: the reading end of a pipe, which the thread closes; the watch ends with the other end.
  init?(of path: String, untilClosed stopper: Int32, heard: @escaping () -> Void) {
    let slash = path.lastIndex(of: "/")
    let directory = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    let name = slash.map { String(path[path.index(after: $0)...]) } ?? path
    descriptor = inotify_init1(Int32(IN_CLOEXEC))
    guard descriptor >= 0 else { return nil }
    guard inotify_add_watch(descriptor, directory, UInt32(IN_MODIFY | IN_CREATE | IN_MOVED_TO)) >= 0 else {
      close(descriptor)
      return nil
    }
    names = [name, name + "-wal"]
    self.stopper = stopper
    self.heard = heard
  }

  /// Starts the thread, which holds this object until it ends.
  func start() -> Bool {
    let box = Unmanaged.passRetained(self)
    var thread = pthread_t()
    let result = pthread_create(
      &thread, nil,
      { context in
        guard let context else { return nil }
        Unmanaged<DirectoryWatch>.fromOpaque(context).takeRetainedValue().watch()
        return nil
      }, box.toOpaque())
    guard result == 0 else {
      box.release()
      close(descriptor)
      return false
    }
    pthread_detach(thread)
    return true
  }

  private func watch() {
    defer {
      close(descriptor)
      close(stopper)
    }
    let capacity = 64 * 1024
    let buffer = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: MemoryLayout<inotify_event>.alignment)
    defer { buffer.deallocate() }
    while true {
      var waiting = [
        pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
        pollfd(fd: stopper, events: Int16(POLLIN), revents: 0),
      ]
      guard poll(&waiting, 2, -1) > 0 else {
        if errno == EINTR { continue }
        return
      }
      if waiting[1].revents != 0 { return }
      let count = read(descriptor, buffer, capacity)
      guard count > 0 else { return }
      if concernsUs(UnsafeRawBufferPointer(start: buffer, count: count)) { heard() }
    }
  }

  /// Whether one of the events names the database or its log, or events were lost.
  private func concernsUs(_ events: UnsafeRawBufferPointer) -> Bool {
    let head = MemoryLayout<inotify_event>.size
    var offset = 0
    while offset + head <= events.count {
      let event = events.loadUnaligned(fromByteOffset: offset, as: inotify_event.self)
      if event.mask & UInt32(IN_Q_OVERFLOW) != 0 { return true }
      let end = min(offset + head + Int(event.len), events.count)
      let name = String(decoding: events[(offset + head)..<end].prefix { $0 != 0 }, as: UTF8.self)
      if names.contains(name) { return true }
      offset = end
    }
    return false
  }
}
