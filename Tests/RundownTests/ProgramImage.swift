import FoundationEssentials
import Testing

/// What the kernel maps of a program before a byte of it runs, by its ELF file.
enum ProgramImage {
  /// - Returns: how many KiB all of it takes, and how many that may be written, which count as data.
  static func kibibytes(of program: String) throws -> (all: Int, writable: Int) {
    let file = try Data(contentsOf: URL(filePath: program), options: .alwaysMapped)
    func number(_ offset: Int, _ size: Int) -> Int {
      (0..<size).reversed().reduce(0) { $0 << 8 | Int(file[file.startIndex + offset + $1]) }
    }
    try #require(file.starts(with: [0x7F, 0x45, 0x4C, 0x46, 2, 1]), "this is no 64-bit little-endian ELF file")
    var (all, writable) = (0, 0)
    for index in 0..<number(56, 2) {
      let header = number(32, 8) + index * number(54, 2)
      let (load, write) = (1, 2)
      guard number(header, 4) == load else { continue }
      let kibibytes = (number(header + 40, 8) >> 10) + 1
      all += kibibytes
      if number(header + 4, 4) & write != 0 { writable += kibibytes }
    }
    return (all, writable)
  }
}
