import Glibc
import Testing

@Suite("Uploads of a worker that has roots", .timeLimit(.minutes(20)))
struct UploadRootsCommandTests {
  private struct View: Decodable {
    struct Failure: Decodable { var code: String }
    struct Job: Decodable {
      var state: String
      var failure: Failure?
    }
    struct Story: Decodable { var job: Job }
    var story: Story
  }

  @Test("read nothing outside of them; a file inside gets as far as the server", arguments: [true, false])
  func roots(isInside: Bool) async throws {
    let folder = try Folder()
    let outside = try Folder()
    try folder.write("key", "canary-storage-secret")
    // Nobody listens there: what may be read waits at a closed gate.
    try folder.write(
      "rundown.yaml",
      """
      apiVersion: rundown/v1
      uploads: {roots: ['\(folder.path)']}
      connections:
        aws:
          media: {source: static, accessKeyId: file:key, secretAccessKey: file:key, region: fr-par, endpoint: 'http://127.0.0.1:1'}
      """)
    let place = isInside ? folder : outside
    try place.write("a.mp4", "recording")
    let enqueued = try await Command.run(
      [
        "enqueue", "upload-recording", "--connection", "media", "--bucket", "eu-live", "--key", "a.mp4", "--file",
        "\(place.path)/a.mp4",
      ], in: folder)
    try #require(enqueued.status == 0, "\(enqueued.errors)")
    let worker = try Command.start(["worker"], in: folder)
    var job: View.Job?
    try await eventually {
      job = try await Command.run(["jobs", "show", "1", "--json"], in: folder).json(View.self).story.job
      return isInside ? worker.errors.contains("gate closed") : job?.state == "dead"
    }
    worker.signal(SIGTERM)
    #expect(try await worker.end().status == 0)
    #expect(job?.failure?.code == (isInside ? nil : "outside-roots"))
  }
}
