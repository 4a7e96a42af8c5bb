import Manifests
import StreamingJobs
import Threading
import Wire

/// The files that a manifest was read from, with digests of their content.
final class ReadFiles: Sendable {
  private let noted = MutexBox<[SavedPlan.File]>([])

  /// Records a file and its content.
  func note(_ path: String, _ bytes: [UInt8]) {
    let file = SavedPlan.File(path: path, digest: ContentDigest.of(bytes))
    noted.withLock { if !$0.contains(file) { $0.append(file) } }
  }

  /// All of them, in the order in which they were read.
  var all: [SavedPlan.File] { noted.withLock { $0 } }

  /// Which of some files are gone or have changed, one sentence each.
  /// - Parameter limit: a file that is larger than this has changed.
  static func changes(of files: [SavedPlan.File], limit: Int) -> [String] {
    files.compactMap { file in
      do throws(SystemError) {
        let bytes = try SmallFile.read(file.path, limit: limit).bytes
        return ContentDigest.of(bytes) == file.digest ? nil : "\(file.path) has changed"
      } catch {
        return "\(file.path) cannot be read from this folder: \(error)"
      }
    }
  }
}
