import Dispatch
import FoundationEssentials
import Glibc
import JobQueue
import Testing

@testable import StreamingJobs

@Suite("What an upload may read")
struct UploadRootsTests {
  /// A folder with `in` (the root) and `out`, a file in each, and links of all sorts.
  private final class Given: Sendable {
    let path: String

    init() throws {
      let place = FileManager.default.temporaryDirectory.appending(path: "roots-\(UUID().uuidString)").path
      try FileManager.default.createDirectory(atPath: place + "/in/deep", withIntermediateDirectories: true)
      try FileManager.default.createDirectory(atPath: place + "/out", withIntermediateDirectories: true)
      path = place
      for file in ["in/a.mp4", "in/deep/b.mp4", "out/secret"] {
        try Data("x".utf8).write(to: URL(filePath: "\(place)/\(file)"))
      }
      for (link, target) in [
        ("in/link.mp4", "\(place)/out/secret"), ("in/near.mp4", "a.mp4"), ("in/away", "\(place)/out"),
        ("in/inside", "\(place)/in/deep"), ("in/up", ".."), ("door", "\(place)/in"),
      ] {
        symlink(target, "\(place)/\(link)")
      }
      mkfifo("\(place)/in/pipe", 0o600)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
  }

  private func code(_ path: String, _ roots: [String]) async -> String {
    do {
      _ = try await FileIdentity.of(path, in: UploadRoots(folders: roots))
      return "read"
    } catch let Verdict.dead(failure) {
      return failure.code
    } catch {
      return "\(error)"
    }
  }

  @Test(
    "with roots, only regular files that lie in them, whatever links and .. say",
    arguments: [
      ("in/a.mp4", "read"), ("in/deep/b.mp4", "read"), ("in/inside/b.mp4", "read"), ("in/deep/../a.mp4", "read"),
      ("door/a.mp4", "read"), ("in//deep/./b.mp4", "read"), ("in/link.mp4", "no-file"), ("in/near.mp4", "no-file"),
      ("in/away/secret", "outside-roots"), ("in/../out/secret", "outside-roots"), ("out/secret", "outside-roots"),
      ("in/up/out/secret", "outside-roots"), ("in/pipe", "no-file"), ("in/deep", "no-file"), ("in/gone", "no-file"),
      ("in/..", "no-file"), ("inn/a.mp4", "no-file"),
    ])
  func rooted(file: String, wanted: String) async throws {
    let given = try Given()
    #expect(await code("\(given.path)/\(file)", ["\(given.path)/in"]) == wanted)
    #expect(await code("\(given.path)/\(file)", ["/nowhere", "\(given.path)/door"]) == wanted)
  }

  @Test(
    "without roots any regular file, but no link in the last place and nothing that a reader would wait for",
    arguments: [
      ("out/secret", "read"), ("in/away/secret", "read"), ("in/link.mp4", "no-file"), ("in/pipe", "no-file"),
      ("in", "no-file"),
    ])
  func anywhere(file: String, wanted: String) async throws {
    let given = try Given()
    #expect(await code("\(given.path)/\(file)", []) == wanted)
  }

  @Test("a folder that is exchanged for a link again and again never leads out")
  func race() async throws {
    let given = try Given()
    let swapped = "\(given.path)/in/swapped"
    let roots = UploadRoots(folders: ["\(given.path)/in"])
    let secret = try await FileIdentity.of("\(given.path)/out/secret", in: UploadRoots(folders: []))
    try FileManager.default.createDirectory(atPath: "\(given.path)/in/real", withIntermediateDirectories: true)
    try Data("y".utf8).write(to: URL(filePath: "\(given.path)/in/real/secret"))
    symlink("\(given.path)/out", "\(given.path)/in/lure")
    #expect(rename("\(given.path)/in/real", swapped) == 0)
    async let swapping: Void = withCheckedContinuation { continuation in
      DispatchQueue(label: "swap").async {
        for _ in 0..<2000 {
          rename(swapped, "\(given.path)/in/real")
          rename("\(given.path)/in/lure", swapped)
          rename(swapped, "\(given.path)/in/lure")
          rename("\(given.path)/in/real", swapped)
        }
        continuation.resume()
      }
    }
    for _ in 0..<2000 {
      guard case .success(let descriptor) = roots.open("\(swapped)/secret") else { continue }
      var status = stat()
      fstat(descriptor, &status)
      close(descriptor)
      #expect(UInt64(status.st_ino) != secret.inode)
    }
    await swapping
  }
}
