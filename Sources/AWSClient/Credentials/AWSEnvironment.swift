import Glibc
public import HTTPTransport
import Secrets
import Wire

/// Everything that the AWS credential sources may use: nothing else of the process is read.
public struct AWSEnvironment: Sendable {
  /// Reads a regular file of at most `limit` bytes; nil if there is none.
  public typealias FileReader = @Sendable (_ path: String, _ limit: Int) throws -> [UInt8]?

  /// Environment variables.
  public var variables: [String: String]
  /// The home directory, which contains `.aws`; nil if there is none.
  public var home: String?
  /// How files are read; ``readFile(_:limit:)`` in production.
  public var file: FileReader
  /// Seconds since 1970.
  public var now: @Sendable () -> Int64
  /// How STS is reached.
  public var transport: any HTTPTransport
  /// How the container agent and the instance metadata service are reached, never through a proxy.
  public var localTransport: any HTTPTransport
  /// Waits between two tries.
  public var pause: @Sendable (Duration) async throws -> Void

  /// Creates an environment.
  public init(
    variables: [String: String], home: String?, file: @escaping FileReader, now: @escaping @Sendable () -> Int64,
    transport: any HTTPTransport, localTransport: any HTTPTransport,
    pause: @escaping @Sendable (Duration) async throws -> Void
  ) {
    self.variables = variables
    self.home = home
    self.file = file
    self.now = now
    self.transport = transport
    self.localTransport = localTransport
    self.pause = pause
  }

  /// A variable's value; an empty one counts as unset.
  func variable(_ name: String) -> String? {
    variables[name].flatMap { $0.isEmpty ? nil : $0 }
  }

  func isTrue(_ name: String) -> Bool { variable(name)?.lowercased() == "true" }

  /// The region of `AWS_REGION`, `AWS_DEFAULT_REGION` or the profile, in this order; nil if none names one.
  /// - Parameter ownServer: whether it is the region of a self-hosted server, which may use any names.
  /// - Throws: ``AWSCredentialError`` if a file cannot be read or the name is not a region's.
  public func region(profile: String? = nil, ownServer: Bool = false) throws -> String? {
    let name = try variable("AWS_REGION") ?? variable("AWS_DEFAULT_REGION") ?? profileRegion(profile)
    guard let name else { return nil }
    if ownServer ? AWSRegion.canBeSignedFor(name) : AWSRegion.isWellFormed(name) { return name }
    throw AWSCredentialError(
      code: .invalid, cause: "the configured AWS region is not a valid region name", hint: "write it like eu-central-1")
  }

  private func profileRegion(_ profile: String?) throws -> String? {
    let profiles = try AWSProfiles(self)
    return profiles[profile ?? profiles.selected]?["region"]
  }

  /// STS of a region, or the server that `AWS_ENDPOINT_URL_STS` or `AWS_ENDPOINT_URL` names.
  func sts(region: String?) -> STSClient {
    let region = region ?? "us-east-1"
    let own = variable("AWS_ENDPOINT_URL_STS") ?? variable("AWS_ENDPOINT_URL")
    let endpoint = isTrue("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS") ? nil : own.map { STSEndpoint.own($0, region: region) }
    return STSClient(transport: transport, endpoint: endpoint ?? .aws(region: region), clock: now)
  }

  /// Reads a regular file as ``FileReader`` promises. Blocks.
  /// - Throws: an error of the system, or ``AWSCredentialError`` for a file that is too large.
  public static func readFile(_ path: String, limit: Int) throws -> [UInt8]? {
    let file: SmallFile
    do {
      file = try SmallFile.read(path, limit: limit)
    } catch {
      if error.number == ENOENT || error.number == ENOTDIR { return nil }
      throw error
    }
    guard file.bytes.count > limit else { return file.bytes }
    throw AWSCredentialError(
      code: .invalid, cause: "\(path) is larger than \(limit) bytes", hint: "check that it is the right file")
  }
}
