import HTTPTransport
import JobQueue
import JobQueueTestKit
import Testing

@testable import StreamingJobs

@Suite("Nothing that is written down tells a secret") struct UploadSecretTests {
  @Test(
    "whatever becomes of the job",
    arguments: ["done", "AccessDenied", "SignatureDoesNotMatch", "InternalError", "file-changed"])
  func canary(end: String) async throws {
    let given = try UploadGiven.large()
    switch end {
    case "done": break
    case "file-changed":
      let (file, size) = (given.file, given.size)
      await given.server.fate(of: "UploadPart", .after { try file.record(size: size, take: "take-2") })
    default: await given.server.fate(of: "UploadPart", .refused(403, end), .refused(403, end))
    }
    let id = try await given.storage.enqueue(given.parameters)
    _ = try await given.storage.finish(id)
    let store = given.storage.store
    let written = [
      "\(try await given.storage.job(id))", "\(try await store.journal(of: id))",
      "\(try await store.attempts(of: id))",
    ].joined()
    #expect(written.contains(given.file.path), "the text holds what was written down")
    for secret in [StorageGiven.secret, StorageGiven.token, "AWS4-HMAC", "Signature="] {
      #expect(!written.contains(secret))
    }
    // The canaries were in use: else their absence would prove nothing.
    let sent = await given.server.requests.flatMap(\.headers)
    #expect(sent.contains { $0.name.lowercased() == "x-amz-security-token" })
  }
}
