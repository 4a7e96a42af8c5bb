import Glibc

/// One file as a kernel keeps it: what every process sees, and what would be left of it if the power failed now.
///
/// A sync makes dirty pages durable. A failed one leaves the pages clean and not durable, as on Linux: no later sync
/// writes them, unless somebody writes them again.
struct FileImage: Sendable {
  private enum Change: Sendable {
    case write(offset: Int, bytes: [UInt8])
    case truncate(size: Int)
  }

  private static let page = 4096
  private static let sector = 512

  /// What processes see.
  private(set) var live: [UInt8]
  private var durable: [UInt8]
  private var dirty: Set<Int> = []
  /// Clean for the kernel, but not on disk.
  private var doomed: Set<Int> = []
  /// The changes since the last sync, in order.
  private var changes: [Change] = []

  /// A file that is completely on disk.
  init(durable bytes: [UInt8]) {
    live = bytes
    durable = bytes
  }

  mutating func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) {
    guard !bytes.isEmpty else { return }
    Self.put(bytes, into: &live, at: offset)
    for page in offset / Self.page...(offset + bytes.count - 1) / Self.page {
      dirty.insert(page)
      doomed.remove(page)
    }
    changes.append(.write(offset: offset, bytes: Array(bytes)))
  }

  mutating func truncate(to size: Int) {
    Self.resize(&live, to: size)
    dirty = dirty.filter { $0 * Self.page < size }
    doomed = doomed.filter { $0 * Self.page < size }
    changes.append(.truncate(size: size))
  }

  mutating func sync() {
    Self.resize(&durable, to: live.count)
    for page in dirty { Self.copy(page * Self.page, Self.page, from: live, to: &durable) }
    dirty = []
    changes = []
  }

  mutating func failSync() {
    doomed.formUnion(dirty)
    dirty = []
    changes = []
  }

  /// What is found after a power loss.
  func left(by loss: PowerLoss, _ random: (Int) -> Int) -> [UInt8] {
    switch loss {
    case .nothingWritten: return durable
    case .allWritten: return live
    case .dirtyWritten:
      var left = live
      for page in doomed { Self.restore(page * Self.page, Self.page, from: durable, in: &left) }
      return left
    case .firstWritten:
      var left = durable
      for change in changes.prefix(random(changes.count + 1)) {
        switch change {
        case .write(let offset, let bytes): bytes.withUnsafeBytes { Self.put($0, into: &left, at: offset) }
        case .truncate(let size): Self.resize(&left, to: size)
        }
      }
      return left
    case .torn:
      var left = live
      for page in dirty.union(doomed).sorted() {
        for sector in 0..<Self.page / Self.sector where random(2) == 0 {
          Self.restore(page * Self.page + sector * Self.sector, Self.sector, from: durable, in: &left)
        }
      }
      if durable.count < left.count, random(2) == 0 { Self.resize(&left, to: durable.count) }
      return left
    }
  }

  private static func put(_ bytes: UnsafeRawBufferPointer, into target: inout [UInt8], at offset: Int) {
    if target.count < offset + bytes.count { resize(&target, to: offset + bytes.count) }
    target.withUnsafeMutableBytes { target in
      UnsafeMutableRawBufferPointer(rebasing: target[offset..<offset + bytes.count]).copyMemory(from: bytes)
    }
  }

  private static func resize(_ bytes: inout [UInt8], to size: Int) {
    if size < bytes.count { bytes.removeLast(bytes.count - size) }
    if size > bytes.count { bytes += [UInt8](repeating: 0, count: size - bytes.count) }
  }

  private static func copy(_ start: Int, _ count: Int, from source: [UInt8], to target: inout [UInt8]) {
    let end = min(start + count, source.count)
    guard start < end else { return }
    source.withUnsafeBytes { put(UnsafeRawBufferPointer(rebasing: $0[start..<end]), into: &target, at: start) }
  }

  /// Resets a range to its content on disk; to zeros where there is none.
  private static func restore(_ start: Int, _ count: Int, from durable: [UInt8], in target: inout [UInt8]) {
    let end = min(start + count, target.count)
    guard start < end else { return }
    let zeros = [UInt8](repeating: 0, count: end - start)
    zeros.withUnsafeBytes { put($0, into: &target, at: start) }
    copy(start, end - start, from: durable, to: &target)
  }
}

/// What a power loss does to data that was not synced.
package enum PowerLoss: String, Sendable, CaseIterable, Codable {
  /// Everything that no sync made durable is lost.
  case nothingWritten = "nothing-written"
  /// Everything had reached the disk by itself.
  case allWritten = "all-written"
  /// Dirty pages had reached it; pages whose sync had failed were lost.
  case dirtyWritten = "dirty-written"
  /// The first writes had reached it.
  case firstWritten = "first-written"
  /// Some sectors had reached it, by chance.
  case torn
}
