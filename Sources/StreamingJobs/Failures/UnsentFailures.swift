import HTTPTransport

/// What stopped a request before it left, which means the same whoever it was meant for.
///
/// Nothing happened at the provider, so nothing is looked for. The last row takes whatever the others leave.
enum UnsentFailures {
  static let rows = [
    // That is the host's fault, not the job's. A timeout that comes before the request is one of connecting, and so is a
    // connection that is lost while it is found out how the host wants to be asked.
    FailureRow(
      id: "unsent-unreached",
      codes: [
        "connect", "connect-timeout", "name-resolution", "tls", "timeout", "stalled", "connection-lost",
        "protocol-violation",
      ],
      broke: [.notSent], means: .closeGate(base: .seconds(5)), words: "the host cannot be reached"),
    // Only whoever was asked for the credentials can have answered: the request itself was not sent.
    FailureRow(
      id: "unsent-credentials-refused", statuses: Array(100...599), broke: [.notSent],
      means: .closeGate(base: .seconds(10)), words: "the credential source refused the request"),
    FailureRow(
      id: "unsent-no-credentials", codes: ["no-credentials", "NoCredentials"], broke: [.notSent],
      means: .closeGate(base: .seconds(10)), words: "no credentials are available"),
    // For all jobs of the connection alike, until a person changes it.
    FailureRow(
      id: "unsent-version", codes: ["unsupported-version"], broke: [.notSent], means: .hold,
      words: "the connection's API version does not support this"),
    FailureRow(
      id: "unsent-invalid", codes: ["invalid-request"], broke: [.notSent], means: .dead,
      words: "the request is not valid"),
    // A file that cannot be read, a transport that is shut down, a call that was cancelled.
    FailureRow(
      id: "unsent-here", broke: [.notSent], means: .retry, words: "a problem on this machine prevented the request"),
    // It left, and what came back is larger than we take: no outage, however often it happens.
    FailureRow(
      id: "sent-here", codes: ["response-too-large"], broke: [.refused, .unknown], means: .retry,
      words: "the response is too large"),
  ]
}
