import Glibc

/// Identifies the current start of the machine. What was written before the last start and never synced may be of any
/// age: what a power loss left of it proves nothing about anything that came later.
enum MachineStart {
  /// A number that only processes since the same start share; nil if the kernel does not provide it.
  static let current: UInt64? = {
    let descriptor = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 64)
    let count = read(descriptor, &bytes, bytes.count)
    guard count > 0 else { return nil }
    // FNV-1a.
    return bytes[..<count].reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
  }()
}
