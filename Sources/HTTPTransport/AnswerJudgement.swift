/// How a client judged the answer to a call, reported to an observer of the task.
///
/// The status alone does not show who gave an answer; the client knows after it has read the body.
public enum AnswerJudgement {
  /// Called for each call: with nil for a success of the provider's own, otherwise with the error.
  @TaskLocal public static var observer: (@Sendable (ProviderError?) -> Void)?

  /// Performs a call and reports to the observer how it ended.
  public static func told<Value>(
    isolation: isolated (any Actor)? = #isolation, _ call: () async throws -> Value
  ) async throws -> Value {
    do {
      let value = try await call()
      observer?(nil)
      return value
    } catch let error as ProviderError {
      observer?(error)
      throw error
    }
  }
}
