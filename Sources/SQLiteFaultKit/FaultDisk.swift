/// A folder of files as a kernel keeps it, with its names: creating or deleting a file is permanent only after the
/// folder was synced.
struct FaultDisk: Sendable {
  private var files: [Int: FileImage] = [:]
  /// The inode numbers of the files whose numbers somebody may have recorded.
  private var nodes: [Int: UInt64] = [:]
  private var live: [String: Int] = [:]
  private var durable: [String: Int] = [:]

  /// A folder that is completely on disk.
  init(durable content: [String: [UInt8]]) {
    for (name, bytes) in content {
      files[files.count] = FileImage(durable: bytes)
      live[name] = files.count - 1
    }
    durable = live
  }

  /// Somebody opened a file, and created it if there was none.
  mutating func open(_ name: String, node: UInt64? = nil) {
    if live[name] == nil {
      files[files.count] = FileImage(durable: [])
      live[name] = files.count - 1
    }
    if let node, let number = live[name], nodes[number] == nil { nodes[number] = node }
  }

  mutating func delete(_ name: String) { live[name] = nil }

  mutating func syncFolder() { durable = live }

  mutating func change(_ name: String, _ body: (inout FileImage) -> Void) {
    open(name)
    guard let number = live[name], var file = files.removeValue(forKey: number) else { return }
    body(&file)
    files[number] = file
  }

  /// What is found after a power loss.
  func left(by loss: PowerLoss, _ random: (Int) -> Int) -> LeftFiles {
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
    var left = LeftFiles()
    for (name, number) in names.sorted(by: { $0.key < $1.key }) {
      left.content[name] = files[number]?.left(by: loss, random)
      if let node = nodes[number] { left.names[node] = name }
    }
    return left
  }
}

/// What is found after a power loss.
package struct LeftFiles: Sendable {
  /// The files, by name.
  package var content: [String: [UInt8]] = [:]
  /// The name of the file with each inode number, for the numbers that were reported.
  package var names: [UInt64: String] = [:]
}
