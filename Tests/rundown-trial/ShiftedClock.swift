import Glibc
import JobQueue

/// The machine's clock, shifted by the milliseconds that a file holds: whoever writes the file steps the clock.
struct ShiftedClock: QueueClock {
  private let machine = SystemClock()
  private let file: Int32

  /// The file stays open as long as the process lives.
  init(path: String) throws {
    file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw TrialArguments.Wrong(description: "clock=\(path) cannot be opened") }
  }

  func now() -> Timestamp { machine.now() + .milliseconds(shift) }

  /// As the machine's clock does: for the time that is left now, whatever steps the clock meanwhile.
  func sleep(until deadline: Timestamp) async throws {
    try await machine.sleep(for: deadline - now())
  }

  /// A step in the middle of this would else put off its end by hours.
  func sleep(for duration: Duration) async throws {
    try await machine.sleep(for: duration)
  }

  private var shift: Int {
    var bytes = [UInt8](repeating: 0, count: 32)
    let count = pread(file, &bytes, bytes.count, 0)
    let digits = bytes.prefix(max(0, count)).prefix { $0 != 0x0A }
    return Int(String(decoding: digits, as: UTF8.self)) ?? 0
  }
}
