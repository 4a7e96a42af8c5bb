/// What stands behind one listener.
protocol Site: Sendable {
  /// Answers one request, with its effect.
  func answer(_ request: Request) async -> Reply
  /// The provider's own 401; `code` picks the variant where the provider has several.
  func unauthorized(code: String?) async -> Reply
  /// The provider's own form of an error that has nothing to do with the request.
  func failure(status: Int) async -> Reply
}
