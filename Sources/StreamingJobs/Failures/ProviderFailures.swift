import HTTPTransport
import WowzaVideoClient

/// What the failures of one provider mean for a job, and the provider's name.
struct ProviderFailures: Sendable {
  /// The provider's name in its errors, see `ProviderError.provider`.
  let provider: String
  /// Its name for people.
  let name: String
  /// What its responses mean.
  let table: FailureTable
  /// What to do about a code, if the provider's client knows.
  var hint: @Sendable (String?) -> String? = { _ in nil }

  /// All providers. A new one is a table beside the others and a line here.
  static let all = [
    ProviderFailures(provider: "wowza-engine", name: "Wowza Streaming Engine", table: EngineFailures.table),
    ProviderFailures(
      provider: "wowza-video", name: "Wowza Video", table: VideoFailures.table,
      hint: { VideoHint.hint(status: 0, code: $0) }),
    storage,
  ]

  /// S3, and the sources of AWS credentials.
  private static let storage = ProviderFailures(provider: "s3", name: "S3", table: S3Failures.table)

  /// Those of a provider.
  static func of(_ provider: String) -> ProviderFailures { all.first { $0.provider == provider } ?? storage }
}
