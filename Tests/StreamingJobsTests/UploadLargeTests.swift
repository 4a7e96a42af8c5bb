import AWSClient
import JobQueue
import JobQueueTestKit
import Testing

@testable import StreamingJobs

@Suite("A large recording goes up in parts") struct UploadLargeTests {
  @Test(
    "it is put together once and verified, whichever checksum the server tells",
    arguments: UploadServer.Checksums.allCases)
  func stores(checksums: UploadServer.Checksums) async throws {
    let given = try UploadGiven.large(checksums: checksums, overSocket: checksums != .fullObject)
    let result = try await given.storage.run(given.parameters).output(as: UploadResult.self)
    #expect(result.parts == UploadGiven.largeParts)
    #expect(result.resumedParts == 0)
    #expect(!result.unchanged)
    #expect(result.verified == (checksums == .none ? ["size"] : ["size", "checksum"]))
    #expect(await given.server.count("UploadPart") == UploadGiven.largeParts)
    #expect(await given.server.count("CreateMultipartUpload") == 1)
    await given.expectStored()
  }
}
