public import HTTPTransport

/// What a look at one record that a list names has shown.
public enum RecordSight<Record: Sendable>: Sendable {
  /// The record.
  case seen(Record)
  /// It existed and was deleted.
  case deleted
  /// The service does not know its id: not yet, when it was made a moment ago.
  case unknown
  /// The service refuses to show this one record. Nothing else speaks against the account.
  case refused(ProviderError)
}

extension WowzaVideoClient {
  /// As ``find(_:_:)``, for the records of a list: one that is refused does not end the look through the others.
  func sight<Record: Sendable>(_ call: VideoCall, _ read: (VideoValue) -> Record?) async throws -> RecordSight<Record> {
    do {
      return .seen(try await send(call, read))
    } catch let error as ProviderError {
      if error.code == VideoHint.notFound { return .unknown }
      if error.code == VideoHint.deleted { return .deleted }
      // Those speak of the account, the way to it or this moment, and 404 and 410 without the service's code are a gateway's.
      let others: Set = [401, 404, 407, 408, 410, 429]
      guard error.isFromProvider, let status = error.status, (400..<500).contains(status), !others.contains(status)
      else { throw error }
      return .refused(error)
    }
  }
}
