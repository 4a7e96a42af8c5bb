import AWSClient
import HTTPTransport
import JobQueue
import JobQueueTestKit
import StreamingJobs
import TestServers
import Testing

@Suite("Storage, with a server that spells its answers otherwise, or somebody in between")
struct StorageSpellingTests {
  // worker              gateway                server
  // PUT
  //                     passes it on
  //                                            does it
  //                     302, without a word of S3
  // looks, goes on
  @Test(
    "a redirection that is not S3's, after what was asked for was done, is an outage and ends no job",
    arguments: [302, 303, 307, 308], [true, false])
  func redirected(status: Int, isUpload: Bool) async throws {
    let times = Times(1)
    try await BucketGiven.relayed("job-redirected-\(status)-\(isUpload ? "upload" : "bucket")") { ask, answer in
      guard ask.method == "PUT", times.next() else { return answer }
      return Relay.Answer(status, fields: ["Location: https://login.example.com/"])
    } body: { given in
      let job: Job
      if isUpload {
        try await given.s3.createBucket(given.bucket, region: "us-east-1")
        let file = try UploadRecordingFile(size: 9)
        job = try await given.storage.run(
          UploadRecording(connection: "media", file: file.path, bucket: given.bucket, key: "k.ts"))
      } else {
        job = try await given.storage.run(given.parameters)
      }
      #expect(job.state == .completed && job.failures == 0, "\(job)")
    }
  }

  @Test("a bucket that was made is ours, also where the server has one word for whoever owns a name")
  func nameTaken() async throws {
    let times = Times(1)
    try await BucketGiven.relayed("job-name-taken") { ask, answer in
      guard ask.method == "PUT", times.next() else { return answer }
      return Relay.Answer(
        409, fields: ["Content-Type: application/xml"],
        "<Error><Code>BucketAlreadyExists</Code><Message>The requested bucket name is not available</Message></Error>")
    } body: { given in
      let job = try await given.storage.run(given.parameters)
      #expect(job.state == .completed && job.failures == 0, "\(job)")
    }
  }

  @Test(
    "the rule for players is there in whatever order, case and with whatever id it is told",
    arguments: [
      (
        "<AllowedMethod>GET</AllowedMethod><AllowedMethod>HEAD</AllowedMethod>",
        "<AllowedMethod>HEAD</AllowedMethod><AllowedMethod>GET</AllowedMethod>"
      ),
      ("<ExposeHeader>ETag</ExposeHeader>", "<ExposeHeader>etag</ExposeHeader>"), ("<ID>rundown-players</ID>", ""),
      ("<ID>rundown-players</ID>", "<ID>0815</ID>"),
    ])
  func players(told: String, instead: String) async throws {
    let times = Times(1)
    try await BucketGiven.relayed("job-players-\(instead.utf8.count)") { ask, answer in
      guard ask.method == "GET", ask.path.contains("cors") else { return answer }
      var answer = answer
      if answer.body.contains(told), times.next() { answer.fields.append("X-Changed: yes") }
      answer.body.replace(told, with: instead)
      return answer
    } body: { given in
      let made = try await given.storage.run(given.parameters)
      #expect(made.state == .completed && made.failures == 0, "\(made)")
      #expect(try await given.storage.run(given.parameters).output(as: BucketConfigResult.self).unchanged)
      #expect(!times.next(), "the server never told what was to be told otherwise")
    }
  }
}
