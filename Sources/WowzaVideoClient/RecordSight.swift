public import HTTPTransport

/// The result of a look at one record that is in a list.
public enum RecordSight<Record: Sendable>: Sendable {
  /// The record.
  case seen(Record)
  /// It existed, but was deleted.
  case deleted
  /// The service does not know its id: perhaps not yet, if it was just created.
  case unknown
  /// The service refuses to show this one record. Nothing else is wrong with the account.
  case refused(ProviderError)
}

extension WowzaVideoClient {
  /// Like ``find(_:_:)``, for the records of a list: if one is refused, the others are still read.
  func sight<Record: Sendable>(_ call: VideoCall, _ read: (VideoValue) -> Record?) async throws -> RecordSight<Record> {
    do {
      return .seen(try await send(call, read))
    } catch let error as ProviderError {
      if error.code == VideoHint.notFound { return .unknown }
      if error.code == VideoHint.deleted { return .deleted }
      // These concern the account, the way to it or this moment; 404 and 410 without the service's code are a
      // gateway's.
      let others: Set = [401, 404, 407, 408, 410, 429]
      guard error.isFromProvider, let status = error.status, (400..<500).contains(status), !others.contains(status)
      else { throw error }
      return .refused(error)
    }
  }
}
