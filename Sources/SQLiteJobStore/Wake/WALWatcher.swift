import CSQLite
import Glibc

/// Detects commits, including those of other processes. Belongs to one thread.
///
/// Every commit first writes to the -wal file, which inotify reports, and becomes visible only when it is on disk,
/// which nothing reports: so after each write it polls the database's version until that changes. inotify gets paths
/// and opens none of the files; see ``StoreFile`` for why that matters.
final class WALWatcher {
  /// After so long without a commit, the next one is awaited with shorter pauses.
  private static let calm: Duration = .milliseconds(5)

  private let directory: String
  private let log: String
  private let notifier: Int32
  private let stopper: Int32
  private let version: () -> Int64?
  private let heard: () -> Void
  private var logWatch: Int32 = -1

  /// - Parameters:
  ///   - path: the database file, with its directory.
  ///   - stopper: the reading end of a pipe; the watch ends when the other end is closed.
  ///   - version: a number that changes with each visible commit; nil if it is unknown.
  init?(
    of path: String, untilClosed stopper: Int32, version: @escaping () -> Int64?, heard: @escaping () -> Void
  ) {
    let slash = path.lastIndex(of: "/") ?? path.startIndex
    directory = slash == path.startIndex ? "/" : String(path[..<slash])
    log = path + "-wal"
    self.stopper = stopper
    self.version = version
    self.heard = heard
    notifier = inotify_init1(Int32(IN_CLOEXEC) | Int32(IN_NONBLOCK))
    guard notifier >= 0 else { return nil }
    guard inotify_add_watch(notifier, directory, UInt32(IN_CREATE | IN_MOVED_TO)) >= 0 else {
      close(notifier)
      return nil
    }
    watchLog()
  }

  /// Watches until the other end of the pipe is closed.
  func run() {
    defer { close(notifier) }
    csqlite_nap_precisely()
    let events = UnsafeMutableRawBufferPointer.allocate(
      byteCount: 64 * 1024, alignment: MemoryLayout<inotify_event>.alignment)
    defer { events.deallocate() }
    var seen = version()
    // A commit made while the watch was being set up may have gone unreported: let the listeners look.
    heard()
    var schedule = PollSchedule.none
    var lastHeard = ContinuousClock.now
    while true {
      var waiting = [
        pollfd(fd: notifier, events: Int16(POLLIN), revents: 0), pollfd(fd: stopper, events: Int16(POLLIN), revents: 0),
      ]
      let pause = schedule.nextPause()
      // poll counts milliseconds.
      if let pause, pause < .milliseconds(1) { BlockingSleep.sleep(pause) }
      let count = poll(&waiting, 2, pause.map { Int32($0 / .milliseconds(1)) } ?? -1)
      if count < 0, errno != EINTR { return }
      if waiting[1].revents != 0 { return }
      if waiting[0].revents != 0 {
        let count = read(notifier, events.baseAddress, events.count)
        if count > 0, concernsUs(UnsafeRawBufferPointer(rebasing: events[..<count])) {
          // Constant writing keeps everybody awake anyway; the processor time is better left to the writers.
          schedule = .fresh(isCalm: ContinuousClock.now - lastHeard > Self.calm)
        }
      }
      guard schedule.isWaiting else { continue }
      let newest = version()
      if newest != seen || newest == nil {
        heard()
        lastHeard = .now
        schedule.endSoon()
      }
      if newest == nil { schedule = .none }
      seen = newest
    }
  }

  private func watchLog() {
    logWatch = inotify_add_watch(notifier, log, UInt32(IN_MODIFY))
  }

  /// Whether one of the events concerns the log, or events were lost.
  private func concernsUs(_ events: UnsafeRawBufferPointer) -> Bool {
    let head = MemoryLayout<inotify_event>.size
    var concerns = false
    var offset = 0
    while offset + head <= events.count {
      let event = events.loadUnaligned(fromByteOffset: offset, as: inotify_event.self)
      let end = min(offset + head + Int(event.len), events.count)
      let name = String(decoding: events[(offset + head)..<end].prefix { $0 != 0 }, as: UTF8.self)
      if !name.isEmpty, log.hasSuffix("/" + name) {
        watchLog()
        concerns = true
      }
      if event.wd == logWatch || event.mask & UInt32(IN_Q_OVERFLOW) != 0 { concerns = true }
      offset = end
    }
    return concerns
  }
}

extension WALWatcher {
  /// How long to look for a commit after a write to the log: often at first, because a disk usually needs no longer,
  /// then less often, and not forever, because not every write ends in a commit.
  private struct PollSchedule {
    /// Nothing is awaited.
    static let none = PollSchedule(looks: 0, end: 0, isCalm: false)

    /// Something was just written.
    static func fresh(isCalm: Bool) -> PollSchedule { PollSchedule(looks: 0, end: 150, isCalm: isCalm) }

    private var looks: Int
    private var end: Int
    private let isCalm: Bool

    private init(looks: Int, end: Int, isCalm: Bool) {
      self.looks = looks
      self.end = end
      self.isCalm = isCalm
    }

    var isWaiting: Bool { looks < end }

    /// A commit was seen: the next one, which may have been written at the same moment, will be on disk in about a
    /// tenth of a second. Polling for the full time would mean ten seconds of reading after every sign of activity.
    mutating func endSoon() {
      looks = min(looks, 20)
      end = 60
    }

    /// The time until the next look; nil for "until something is written".
    mutating func nextPause() -> Duration? {
      guard isWaiting else { return nil }
      looks += 1
      return switch looks {
      case ...20: isCalm ? .microseconds(50) : .microseconds(150)
      case ...40: .milliseconds(1)
      case ...80: .milliseconds(5)
      case ...110: .milliseconds(25)
      // The disk hangs, or the writer does: about ten seconds more.
      default: .milliseconds(250)
      }
    }
  }
}
