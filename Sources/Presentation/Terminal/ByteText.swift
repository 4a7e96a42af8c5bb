/// Sizes for people.
package enum ByteText {
  /// `12.3 MiB`, `800 KiB`, `17 B`.
  package static func of(_ bytes: Int64) -> String {
    guard bytes >= 1024 else { return "\(bytes) B" }
    var value = Double(bytes) / 1024
    for unit in ["KiB", "MiB", "GiB"] {
      if value < 1024 { return "\(short(value)) \(unit)" }
      value /= 1024
    }
    return "\(short(value)) TiB"
  }

  /// Three digits are enough.
  private static func short(_ value: Double) -> String {
    guard value < 100 else { return "\(Int64(value))" }
    let tenths = Int64((value * 10).rounded(.down))
    return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
  }
}
