import HTTPTransport

/// What one provider's failures mean: the first row that takes a failure decides.
struct FailureTable: Sendable {
  let rows: [FailureRow]
  /// Takes what no row does.
  let otherwise: FailureRow

  /// All of it, in the order in which it is read.
  var all: [FailureRow] { rows + [otherwise] }

  /// The row that decides.
  func row(for error: ProviderError) -> FailureRow {
    rows.first { $0.takes(error) } ?? otherwise
  }
}
