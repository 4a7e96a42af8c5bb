import AWSClient
import JobQueue

extension CreateBucketConfig {
  /// The bucket's standing at S3: whether it exists, and the state of each setting.
  func standing(_ look: ProviderLook) async throws -> Standing {
    let s3 = try await look.clients.s3(connection, region: region)
    guard let head = try await s3.headBucket(bucket) else { return .missing }
    if let wanted = region, let home = head.region, home != wanted {
      return .blocked("the bucket is in \(home), not in \(wanted)")
    }
    var differences: [FieldDifference] = []
    var unsupported: [String] = []
    for setting in settings {
      do {
        guard let difference = try await setting.difference(s3) else { continue }
        differences.append(difference.told(of: setting.name))
      } catch is S3UnsupportedSubresource {
        unsupported.append(setting.name)
      }
    }
    return differences.isEmpty ? .asAsked(id: nil, unread: unsupported) : .changes(differences)
  }

  /// Roughly how many requests the job makes: each setting is read, and those that differ are written and read back.
  func requests(toward standing: Standing) -> Int {
    switch standing {
    case .missing: 2 + 3 * settings.count
    case .asAsked: 1 + settings.count
    case .changes(let differences): 1 + settings.count + 2 * differences.count
    case .refuses, .blocked: 1
    }
  }
}
