import AWSClient
import JobQueue

extension CreateBucketConfig {
  /// How S3 stands to this bucket: whether it is there, and what each setting is.
  func standing(_ look: ProviderLook) async throws -> Standing {
    let s3 = try await look.clients.s3(connection, region: region)
    let gate = ProviderGate.aws(connection)
    await look.note(gate)
    guard let head = try await s3.headBucket(bucket) else { return .missing }
    if let wanted = region, let home = head.region, home != wanted {
      return .refuses(["the bucket is in \(home), not in \(wanted)"])
    }
    var differences: [String] = []
    var unsupported: [String] = []
    for setting in settings {
      await look.note(gate)
      do {
        guard let difference = try await setting.difference(s3) else { continue }
        differences.append("\(setting.name): \(difference)")
      } catch is S3UnsupportedSubresource {
        unsupported.append(setting.name)
      }
    }
    return differences.isEmpty ? .asAsked(id: nil, unread: unsupported) : .changes(differences)
  }
}
