import Glibc
import JobQueue

extension WorkerID {
  /// A name that no other worker has: host and process for people, a random part for uniqueness.
  static func unique(processID: Int32, random: any RandomSource) -> WorkerID {
    var name = [CChar](repeating: 0, count: 64)
    // The last byte stays zero, even if a longer name is cut.
    gethostname(&name, name.count - 1)
    let host = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return WorkerID("\(host)-\(processID)-\(String(random.next(), radix: 36))")
  }
}
