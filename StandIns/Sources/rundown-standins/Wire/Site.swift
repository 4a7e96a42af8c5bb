/// The service behind one listener.
protocol Site: Sendable {
  /// Answers one request, with its effect.
  func answer(_ request: Request) async -> Reply
  /// The provider's own 401; `code` selects the variant if the provider has several.
  func unauthorized(code: String?) async -> Reply
  /// The provider's own form of an error that does not depend on the request.
  func failure(status: Int) async -> Reply
}
