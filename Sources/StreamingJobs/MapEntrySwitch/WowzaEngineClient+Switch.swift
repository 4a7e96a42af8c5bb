import HTTPTransport
import WowzaEngineClient

extension WowzaEngineClient {
  /// Lets an entry push, or ends that. An engine may refuse what is so already: then what it shows decides.
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
  /// Whether the refusal of a change may say that there is nothing to change; not where it tells of who asks, or of the
  /// moment.
  var mayMeanUnchanged: Bool {
    guard isFromProvider, let status, ![401, 403, 408, 429, 503].contains(status) else { return false }
    return status == 500 || delivery == .refused
  }
}
