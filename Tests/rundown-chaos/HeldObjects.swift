import FoundationEssentials
import TestServers

/// What the S3 server holds, asked for by a client that shares no code with Rundown.
struct HeldObjects: Decodable, Sendable {
  /// Whether the content of each key is that of its file.
  var objects: [String: Bool]
  /// Uploads in parts that nobody ended.
  var pending: Int

  static func list(_ s3: MiniStack, _ desk: Desk) async throws -> HeldObjects {
    let output = "\(desk.folder)/objects"
    let program = try ServerProcess.start(
      program: Repository.python,
      arguments: ["\(Repository.root)/scripts/chaos-objects", s3.url, Thing.bucket, desk.recordings], output: output
    ) { directory in
      [
        "PATH=/usr/bin:/bin", "HOME=\(directory)", "AWS_ACCESS_KEY_ID=\(s3.accessKeyID)",
        "AWS_SECRET_ACCESS_KEY=\(s3.secretAccessKey)",
      ]
    }
    guard await program.end() == 0 else {
      throw StormError("the objects could not be listed: \(desk.text("objects.err"))")
    }
    return try JSONDecoder().decode(HeldObjects.self, from: Data(desk.text("objects.out").utf8))
  }
}
