/// A folder of files as a kernel keeps it, with its names: a file that was made or deleted is so for good only after the
/// folder was synced.
struct FaultDisk: Sendable {
  private var files: [Int: FileImage] = [:]
  private var live: [String: Int] = [:]
  private var durable: [String: Int] = [:]

  /// A folder that is wholly on disk.
  init(durable content: [String: [UInt8]]) {
    for (name, bytes) in content {
      files[files.count] = FileImage(durable: bytes)
      live[name] = files.count - 1
    }
    durable = live
  }

  /// Somebody opened a file, and made it if there was none.
  mutating func open(_ name: String) {
    guard live[name] == nil else { return }
    files[files.count] = FileImage(durable: [])
    live[name] = files.count - 1
  }

  mutating func delete(_ name: String) { live[name] = nil }

  mutating func syncFolder() { durable = live }

  mutating func change(_ name: String, _ body: (inout FileImage) -> Void) {
    open(name)
    guard let number = live[name], var file = files.removeValue(forKey: number) else { return }
    body(&file)
    files[number] = file
  }

  /// What is found after the power was lost, by name.
  func left(by loss: PowerLoss, _ random: (Int) -> Int) -> [String: [UInt8]] {
    var names: [String: Int] = [:]
    for name in Set(live.keys).union(durable.keys).sorted() {
      let isNew =
        switch loss {
        case .nothingWritten: false
        case .allWritten, .dirtyWritten: true
        case .firstWritten, .torn: random(2) == 0
        }
      names[name] = isNew ? live[name] : durable[name]
    }
    return names.compactMapValues { files[$0]?.left(by: loss, random) }
  }
}
