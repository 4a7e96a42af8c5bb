/// Sizes as a person reads them.
package enum ByteText {
  /// `812 B`, `4.0 KB`, `12.3 MB`, `1.2 GB`: powers of 1,000, as disks are sold.
  package static func of(_ bytes: Int64) -> String {
    var value = Double(bytes)
    for unit in ["B", "KB", "MB", "GB"] {
      if value < 999.5 || unit == "GB" { return unit == "B" ? "\(bytes) B" : "\(tenths(value)) \(unit)" }
      value /= 1000
    }
    return "\(bytes) B"
  }

  private static func tenths(_ value: Double) -> String {
    let tenths = Int64((value * 10).rounded())
    return "\(tenths / 10).\(tenths % 10)"
  }
}
