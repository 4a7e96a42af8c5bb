import Testing

@testable import SQLiteFaultKit

/// The model of a disk says what Linux promises, and no more.
@Suite("A disk whose power fails")
struct FaultDiskTests {
  private let page = 4096

  private func disk(_ body: (inout FaultDisk) -> Void) -> FaultDisk {
    var disk = FaultDisk(durable: ["a": [UInt8](repeating: 1, count: 2 * page)])
    body(&disk)
    return disk
  }

  private func write(_ byte: UInt8, at offset: Int, _ disk: inout FaultDisk) {
    disk.change("a") { file in [UInt8](repeating: byte, count: 100).withUnsafeBytes { file.write($0, at: offset) } }
  }

  private func left(_ disk: FaultDisk, _ loss: PowerLoss) -> [UInt8]? { disk.left(by: loss) { _ in 0 }.content["a"] }

  @Test("keeps what was synced, and not what was written after it")
  func synced() {
    let disk = disk { disk in
      write(2, at: 0, &disk)
      disk.change("a") { $0.sync() }
      write(3, at: page, &disk)
    }
    #expect(left(disk, .nothingWritten)?[0] == 2)
    #expect(left(disk, .nothingWritten)?[page] == 1)
    #expect(left(disk, .dirtyWritten)?[page] == 3)
  }

  @Test("has lost what a sync failed to write, though the next one succeeds, unless it was written again")
  func failed() {
    let disk = disk { disk in
      write(2, at: 0, &disk)
      write(2, at: page, &disk)
      disk.change("a") { $0.failSync() }
      write(3, at: page + 100, &disk)
      disk.change("a") { $0.sync() }
    }
    #expect(left(disk, .dirtyWritten)?[0] == 1)
    #expect(left(disk, .allWritten)?[0] == 2)
    #expect(left(disk, .nothingWritten)?[page] == 2)
    #expect(left(disk, .nothingWritten)?[page + 100] == 3)
  }

  @Test("keeps new and deleted names only after the folder was synced")
  func names() {
    var disk = disk { disk in
      disk.open("b")
      disk.change("b") { $0.sync() }
      disk.delete("a")
    }
    #expect(disk.left(by: .nothingWritten) { _ in 0 }.content.keys.sorted() == ["a"])
    #expect(disk.left(by: .allWritten) { _ in 0 }.content.keys.sorted() == ["b"])
    disk.syncFolder()
    #expect(disk.left(by: .nothingWritten) { _ in 0 }.content.keys.sorted() == ["b"])
  }
}
