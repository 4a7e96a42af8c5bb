public import JobQueue
import Wire

/// What `enable-map-entry` and `disable-map-entry` have in common: they switch an entry of a push publish map.
public protocol MapEntrySwitching: JobParameters {
  /// The engine's connection.
  var engine: String { get }
  /// The application.
  var application: String { get }
  /// The entry's name.
  var entryName: String { get }
  /// Distinguishes several planned times of one entry: each has a job of its own.
  var occurrence: String? { get }
  /// The time (RFC 3339) after which it is too late; nil for never.
  var notAfter: String? { get }
}

extension MapEntrySwitching {
  /// Jobs of this kind share a queue with others for the same provider.
  public static var queue: String { "engines" }
  /// An attempt that takes longer is stuck.
  public static var policy: JobPolicy { JobPolicy(timeout: .seconds(60)) }

  /// One job for each planned time of an entry.
  public var uniqueKey: String? {
    let planned = occurrence.map { ":\($0)" } ?? ""
    return KeyText.unique("\(Self.kind):\(engine):\(application):\(entryName)\(planned)")
  }

  /// The job cannot do anything without the engine.
  public var gate: String? { ProviderGate.engine(engine) }

  /// The engine keeps an application's entries in one file, so they are written one after the other.
  public var concurrencyKey: String? { KeyText.name("\(ProviderGate.engine(engine))/\(application)") }

  /// Everything that can be found wrong without asking a provider.
  public func validate() -> [ParameterIssue] {
    [
      ParameterChecks.notEmpty(engine, field: "engine"), ParameterChecks.pathSegment(application, field: "application"),
      ParameterChecks.pathSegment(entryName, field: "entryName"),
      ParameterChecks.name(occurrence, field: "occurrence"), ParameterChecks.moment(notAfter, field: "notAfter"),
    ].compactMap { $0 }
  }

  /// The moment from which on it is too late.
  var deadline: Timestamp? { notAfter.flatMap(InternetTime.milliseconds).map(Timestamp.init(milliseconds:)) }
}
