import FoundationEssentials

/// Where the programs and files lie that the storm needs.
enum Repository {
  /// The folder of the package, as it was when this was built.
  static let root = #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 }

  /// The Python that `scripts/setup` gave the S3 server.
  static let python = "\(root)/.tools/ministack/bin/python"

  /// A program that was built beside this one.
  static func program(_ name: String) throws -> String {
    let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    return own.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 } + "/" + name
  }
}
