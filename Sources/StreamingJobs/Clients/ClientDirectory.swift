public import AWSClient
public import JobQueue
public import Secrets
public import WowzaEngineClient
public import WowzaVideoClient

/// Gives a job the client for a configured connection.
///
/// Jobs contain only names, so the same queue file serves workers that keep their secrets in different places.
public protocol ClientDirectory: Sendable {
  /// The streaming engine of this name.
  /// - Throws: ``MissingConnection``.
  func engine(_ name: String) async throws -> WowzaEngineClient
  /// S3 of the AWS connection of this name, signing for `region` until the bucket turns out to be elsewhere; nil means
  /// the connection's own region.
  /// - Throws: ``MissingConnection``.
  func s3(_ name: String, region: String?) async throws -> S3Client
  /// The Wowza Video account of this name.
  /// - Throws: ``MissingConnection``.
  func wowzaVideo(_ name: String) async throws -> WowzaVideoClient
  /// How many live streams the Wowza Video account of this name may create.
  func liveStreamBudget(_ name: String) async -> BudgetDemand
  /// How long the Wowza Video account of this name may still carry out a request that was not answered.
  func lateEffectWindow(_ name: String) async -> Duration
  /// The key pair that an engine pushes with.
  /// - Throws: ``MissingConnection`` or an error of the secret's source.
  func pushKey(_ name: String) async throws -> PushKey
}

extension ClientDirectory {
  /// The provider's published number.
  public func liveStreamBudget(_ name: String) async -> BudgetDemand {
    let standard = LiveStreamBudget.standard
    return LiveStreamBudget.demand(of: name, count: standard.size, window: standard.window)
  }

  /// The default.
  public func lateEffectWindow(_ name: String) async -> Duration { WowzaVideoLateEffects.standard }
}

/// A key pair that an engine stores in a map entry and pushes with.
public struct PushKey: Sendable, Hashable {
  /// The key's id.
  public var accessKeyID: String
  /// The key.
  public var secretAccessKey: Secret

  /// Creates a key pair.
  public init(accessKeyID: String, secretAccessKey: Secret) {
    self.accessKeyID = accessKeyID
    self.secretAccessKey = secretAccessKey
  }
}
