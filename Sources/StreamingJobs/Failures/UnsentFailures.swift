import HTTPTransport

/// What stopped a request before it was sent, which means the same for every provider.
///
/// Nothing happened at the provider, so nothing has to be looked for. The last row matches whatever the others leave.
enum UnsentFailures {
  static let rows = [
    // The host is the cause, not the job. A timeout before the request was sent is one of connecting; so is a
    // connection lost while finding out which authentication the host wants.
    FailureRow(
      id: "unsent-unreached",
      codes: [
        "connect", "connect-timeout", "name-resolution", "tls", "timeout", "stalled", "connection-lost",
        "protocol-violation",
      ],
      broke: [.notSent], means: .closeGate(base: .seconds(5)), words: "the host cannot be reached"),
    // Only the source of the credentials can have responded: the request itself was not sent.
    FailureRow(
      id: "unsent-credentials-refused", statuses: Array(100...599), broke: [.notSent],
      means: .closeGate(base: .seconds(10)), words: "the credential source refused the request"),
    FailureRow(
      id: "unsent-no-credentials", codes: ["no-credentials", "NoCredentials"], broke: [.notSent],
      means: .closeGate(base: .seconds(10)), words: "no credentials are available"),
    // Applies to all jobs of the connection until the configuration is changed.
    FailureRow(
      id: "unsent-version", codes: ["unsupported-version"], broke: [.notSent], means: .hold,
      words: "the connection's API version does not support this"),
    FailureRow(
      id: "unsent-invalid", codes: ["invalid-request"], broke: [.notSent], means: .dead,
      words: "the request is not valid"),
    // A file that cannot be read, a transport that was shut down, a call that was cancelled.
    FailureRow(
      id: "unsent-here", broke: [.notSent], means: .retry, words: "a problem on this machine prevented the request"),
    // It was sent, but the response is larger than we accept: not an outage, however often it happens.
    FailureRow(
      id: "sent-here", codes: ["response-too-large"], broke: [.refused, .unknown], means: .retry,
      words: "the response is too large"),
  ]
}
