/// What an operator did, kept in the commit that did it.
public struct AuditEntry: Sendable, Hashable, Codable {
  /// Grows with each entry.
  public var id: Int64
  /// When.
  public var at: Timestamp
  /// Who, such as `ana@venue-3`.
  public var who: String
  /// What was done.
  public var verb: AuditVerb
  /// How the operator chose what it was done to.
  public var filter: String
  /// How many jobs or gates it changed. A verb that changed none is recorded too.
  public var count: Int

  /// Creates an entry; used by stores.
  public init(id: Int64, at: Timestamp, who: String, verb: AuditVerb, filter: String, count: Int) {
    self.id = id
    self.at = at
    self.who = who
    self.verb = verb
    self.filter = filter
    self.count = count
  }
}

/// An operator's verb as one word. New ones may be added.
public struct AuditVerb: RawRepresentable, Sendable, Hashable, Codable {
  /// The verb's stable word.
  public let rawValue: String
  /// Creates a verb from its word.
  public init(rawValue: String) { self.rawValue = rawValue }
  /// ``OperatorStore/cancel(_:why:by:at:)``.
  public static let cancel = AuditVerb(rawValue: "cancel")
  /// ``OperatorStore/discard(_:why:by:at:)``.
  public static let discard = AuditVerb(rawValue: "discard")
  /// ``OperatorStore/retry(_:by:at:)``.
  public static let retry = AuditVerb(rawValue: "retry")
  /// ``OperatorStore/holdUnfinished(why:by:at:)``.
  public static let hold = AuditVerb(rawValue: "hold")
  /// ``OperatorStore/prune(finishedBefore:limit:by:at:)``.
  public static let prune = AuditVerb(rawValue: "prune")
  /// ``OperatorStore/closeGate(_:until:reason:by:at:)``.
  public static let closeGate = AuditVerb(rawValue: "close-gate")
  /// ``OperatorStore/openGate(_:by:at:)``.
  public static let openGate = AuditVerb(rawValue: "open-gate")
}
