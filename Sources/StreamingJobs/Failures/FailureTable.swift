import HTTPTransport

/// What one provider's failures mean: the first row that matches a failure decides.
struct FailureTable: Sendable {
  let rows: [FailureRow]
  /// Matches what no row does.
  let otherwise: FailureRow

  /// All rows, in the order in which they are tried.
  var all: [FailureRow] { rows + [otherwise] }

  /// The row that decides.
  func row(for error: ProviderError) -> FailureRow {
    rows.first { $0.takes(error) } ?? otherwise
  }
}
