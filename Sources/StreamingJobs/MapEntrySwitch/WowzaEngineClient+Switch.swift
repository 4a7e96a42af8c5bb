import HTTPTransport
import WowzaEngineClient

extension WowzaEngineClient {
  /// Enables or disables an entry. An engine may refuse a change to the state that it already has: then what it reports
  /// decides.
  func turn(_ name: String, on: Bool, application: String) async throws {
    do {
      if on {
        try await enableMapEntry(name, application: application)
      } else {
        try await disableMapEntry(name, application: application)
      }
    } catch let error as ProviderError where error.mayMeanUnchanged {
      guard try await mapEntry(name, application: application)?.enabled == on else { throw error }
    }
  }
}

extension ProviderError {
  /// Whether the refusal of a change may mean that there is nothing to change; not if it is about the caller or the
  /// moment.
  var mayMeanUnchanged: Bool {
    guard isFromProvider, let status, ![401, 403, 408, 429, 503].contains(status) else { return false }
    return status == 500 || delivery == .refused
  }
}
