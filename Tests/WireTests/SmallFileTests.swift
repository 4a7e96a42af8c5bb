import Foundation
import Testing
import Wire

@Suite("Small files")
struct SmallFileTests {
  @Test(
    "are read whole up to the limit, and one byte further where they are larger", arguments: [0, 1, 4095, 4096, 70_000])
  func sizes(size: Int) throws {
    let path = FileManager.default.temporaryDirectory.appending(path: "small-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data(repeating: 7, count: size).write(to: URL(filePath: path))
    #expect(try SmallFile.read(path, limit: size).bytes.count == size)
    #expect(try SmallFile.read(path, limit: max(size - 1, 0)).bytes.count == size)
    #expect(try SmallFile.read(path, limit: size / 2).bytes.count == min(size, size / 2 + 1))
  }

  @Test("of the kernel are read, folders and pipes are not, and nothing is waited for")
  func kinds() throws {
    #expect(try !SmallFile.read("/proc/self/stat", limit: 4096).bytes.isEmpty)
    #expect(throws: SystemError(number: EINVAL)) { try SmallFile.read("/", limit: 10) }
    #expect(throws: SystemError(number: ENOENT)) { try SmallFile.read("/nowhere", limit: 10) }
    let path = FileManager.default.temporaryDirectory.appending(path: "pipe-\(UUID().uuidString)").path
    defer { unlink(path) }
    #expect(mkfifo(path, 0o600) == 0)
    #expect(throws: SystemError(number: EINVAL)) { try SmallFile.read(path, limit: 10) }
  }

  @Test("bytes become two digits each")
  func hex() {
    #expect(Hex.text([0, 9, 10, 15, 16, 255]) == "00090a0f10ff")
    #expect(Hex.digits([0xAB], of: Hex.upper) == Array("AB".utf8))
  }
}
