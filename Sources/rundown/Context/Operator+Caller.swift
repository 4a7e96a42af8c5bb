import Glibc
import JobQueue

extension Operator {
  /// The user who runs this command, as `$USER@host`, or the user's number if that variable is not set.
  static func caller(filter: String? = nil) -> Operator {
    let named = ProcessContext.environment["USER"].flatMap { $0.isEmpty ? nil : $0 }
    return Operator("\(named ?? "uid \(getuid())")@\(host)", filter: filter)
  }

  private static var host: String {
    var name = [CChar](repeating: 0, count: 256)
    // The last byte stays zero, even if a longer name is cut.
    gethostname(&name, name.count - 1)
    return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
