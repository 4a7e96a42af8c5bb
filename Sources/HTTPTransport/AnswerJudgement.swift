/// What a client made of the answer to a call, told to whoever follows the task.
///
/// The status alone does not say who gave an answer; the client knows after it has read the body.
public enum AnswerJudgement {
  /// Is told of each call: nil for a success of the provider's own, else the error.
  @TaskLocal public static var observer: (@Sendable (ProviderError?) -> Void)?

  /// Performs a call and tells the observer how it ended.
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
