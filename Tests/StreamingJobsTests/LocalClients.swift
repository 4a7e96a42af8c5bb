import AWSClient
import JobQueue
import Secrets
import StreamingJobs
import WowzaEngineClient
import WowzaVideoClient

/// The clients of a test, by the names that its jobs use.
struct LocalClients: ClientDirectory {
  var engines: [String: WowzaEngineClient] = [:]
  var accounts: [String: WowzaVideoClient] = [:]
  var pushKeys: [String: @Sendable () async throws -> PushKey] = [:]

  /// Instead of the provider's published number.
  var liveStreams: BudgetDemand?

  func liveStreamBudget(_ name: String) async -> BudgetDemand {
    liveStreams ?? LiveStreamBudget.demand(of: name, count: 10, window: .seconds(3 * 3600))
  }

  func engine(_ name: String) async throws -> WowzaEngineClient {
    guard let engine = engines[name] else {
      throw MissingConnection(kind: .engine, name: name, known: Array(engines.keys))
    }
    return engine
  }

  func s3(_ name: String, region: String?) async throws -> S3Client {
    throw MissingConnection(kind: .aws, name: name, known: [])
  }

  func wowzaVideo(_ name: String) async throws -> WowzaVideoClient {
    guard let account = accounts[name] else {
      throw MissingConnection(kind: .wowzaVideo, name: name, known: Array(accounts.keys))
    }
    return account
  }

  func pushKey(_ name: String) async throws -> PushKey {
    guard let key = pushKeys[name] else {
      throw MissingConnection(kind: .pushCredential, name: name, known: Array(pushKeys.keys))
    }
    return try await key()
  }
}
