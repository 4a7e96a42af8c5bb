/// The typed parameters of a job: what a person writes, what the store keeps, what the handler reads.
///
/// Enqueuing needs this type only, never the handler.
public protocol JobParameters: Codable, Sendable {
  /// The job type's name, such as `create-map-entry`.
  static var kind: String { get }
  /// The queue that its jobs wait in.
  static var queue: String { get }
  /// The version of this format; grows when stored payloads must be upgraded.
  static var version: Int { get }
  /// Settings that apply to every job of the type.
  static var policy: JobPolicy { get }
  /// The natural key of the job's effect: no two jobs hold it at once.
  var uniqueKey: String? { get }
  /// For how long the job holds its unique key: until it is finished, or for good.
  var uniqueness: Uniqueness { get }
  /// The gate that the job passes: the one provider account or host that it needs.
  var gate: String? { get }
  /// The key of something that only a limited number of jobs may do at once, such as changing one application of an
  /// engine. A worker's configuration sets the number for its scope, the part before the first `/`.
  var concurrencyKey: String? { get }
  /// Everything that is wrong with the parameters; empty if they are valid.
  func validate() -> [ParameterIssue]
  /// Upgrades a payload of `version` to `version + 1`.
  /// - Throws: ``PayloadError`` if that is not possible.
  static func upcast(_ payload: JSONValue, from version: Int) throws -> JSONValue
}

extension JobParameters {
  /// The first version.
  public static var version: Int { 1 }
  /// The standard policy.
  public static var policy: JobPolicy { JobPolicy() }
  /// Nothing is unique.
  public var uniqueKey: String? { nil }
  /// Once a job is finished, the same work may be enqueued again.
  public var uniqueness: Uniqueness { .whileUnfinished }
  /// No gate.
  public var gate: String? { nil }
  /// Any number at once.
  public var concurrencyKey: String? { nil }
  /// Nothing is wrong.
  public func validate() -> [ParameterIssue] { [] }
  /// There is no older version.
  public static func upcast(_ payload: JSONValue, from version: Int) throws -> JSONValue {
    throw PayloadError.noUpcaster(kind: kind, from: version)
  }
}

/// One thing that is wrong with a job's parameters.
public struct ParameterIssue: Sendable, Hashable {
  /// The parameter's name as a person writes it.
  public var field: String
  /// What is wrong.
  public var message: String
  /// The way out.
  public var hint: String?

  /// Creates an issue.
  public init(field: String, message: String, hint: String? = nil) {
    self.field = field
    self.message = message
    self.hint = hint
  }
}
