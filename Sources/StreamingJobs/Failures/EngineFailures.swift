import HTTPTransport

/// What the Streaming Engine's responses mean, row by row.
enum EngineFailures {
  static let table = FailureTable(
    rows: [
      // User, password or authentication mode: concerns the engine, and an operator fixes it for all jobs.
      FailureRow(
        id: "engine-401", statuses: [401], means: .closeGateUnlessAlone(base: .seconds(10)),
        words: "the engine does not accept these credentials"),
      FailureRow(
        id: "engine-403", statuses: [403], means: .closeGateUnlessAlone(base: .seconds(10)),
        words: "the engine refuses access"),
      FailureRow(
        id: "engine-404", statuses: [404], means: .dead,
        words: "the application does not exist, or the entry was removed"),
      // Someone created the same entry at the same time: the next look finds it.
      FailureRow(
        id: "engine-409", statuses: [409], means: .retry, words: "an entry with this name was created in the meantime"),
      FailureRow(
        id: "engine-429", statuses: [429], means: .closeGate(base: .seconds(1)), words: "too many requests"),
      FailureRow(
        id: "engine-503", statuses: [503], broke: [.refused, .unknown], means: .closeGate(base: .seconds(1)),
        words: "the engine is unavailable"),
      FailureRow(
        id: "engine-unknown", broke: [.unknown], means: .suspectOutage,
        words: "it is unknown whether the engine carried it out"),
      FailureRow(
        id: "engine-trouble", statuses: [FailureRow.noAnswer, 408] + Array(200...299) + Array(500...599),
        means: .suspectOutage, words: "the engine is failing"),
    ],
    otherwise: FailureRow(
      id: "engine-other", means: .dead, words: "the engine refused the request"))
}
