import HTTPTransport

/// What the Streaming Engine's answers mean, row by row.
enum EngineFailures {
  static let table = FailureTable(
    rows: [
      // User, password or authentication mode: a matter of the engine, which a person mends for all jobs.
      FailureRow(
        id: "engine-401", statuses: [401], means: .closeGateUnlessAlone(base: .seconds(10)),
        words: "the engine does not know these credentials"),
      FailureRow(
        id: "engine-403", statuses: [403], means: .closeGateUnlessAlone(base: .seconds(10)),
        words: "the engine refuses this machine"),
      FailureRow(
        id: "engine-404", statuses: [404], means: .dead, words: "no such application, or its entry was removed"),
      // Somebody made the same entry at the same moment: looking again finds it.
      FailureRow(id: "engine-409", statuses: [409], means: .retry, words: "an entry of this name was made meanwhile"),
      FailureRow(
        id: "engine-429", statuses: [429], means: .closeGate(base: .seconds(1)), words: "too many requests"),
      FailureRow(
        id: "engine-503", statuses: [503], broke: [.refused, .unknown], means: .closeGate(base: .seconds(1)),
        words: "the engine is not available"),
      FailureRow(
        id: "engine-unknown", broke: [.unknown], means: .suspectOutage, words: "nobody knows whether the engine did it"),
      FailureRow(
        id: "engine-trouble", statuses: [FailureRow.noAnswer, 408] + Array(200...299) + Array(500...599),
        means: .suspectOutage, words: "the engine is in trouble"),
    ],
    otherwise: FailureRow(
      id: "engine-other", means: .dead, words: "the engine refuses this"))
}
