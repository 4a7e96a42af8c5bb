import HTTPTransport

/// What Wowza Video's responses mean, row by row. Codes are matched, never sentences, because those contain typing
/// errors.
enum VideoFailures {
  static let table = FailureTable(
    rows: [
      // A signature is valid for 15 s; the client has already renewed it with the provider's time.
      FailureRow(
        id: "video-401-clock", codes: ["ERR-401-InvalidSignature"], clock: .off(by: .seconds(15)),
        means: .closeGate(base: .seconds(10)), words: "this machine's clock is wrong, so the signature is too"),
      FailureRow(
        id: "video-401-signature", codes: ["ERR-401-InvalidSignature"],
        means: .closeGateUnlessAlone(base: .seconds(10)),
        words: "the signature was refused"),
      FailureRow(
        id: "video-401-keys",
        codes: [
          "ERR-401-NoApiKey", "ERR-401-NoAccessKey", "ERR-401-InvalidApiKey", "ERR-401-InvalidAccessKey",
          "ERR-401-InvalidKeyLength",
        ],
        means: .closeGateUnlessAlone(base: .seconds(10)), words: "the API keys were refused"),
      FailureRow(
        id: "video-401-expired-token", codes: ["ERR-401-ExpiredToken"], means: .closeGate(base: .seconds(10)),
        words: "the token has expired"),
      FailureRow(
        id: "video-401-token", codes: ["ERR-401-InvalidToken"], means: .closeGateUnlessAlone(base: .seconds(10)),
        words: "the token was refused"),
      FailureRow(
        id: "video-401-account", codes: ["ERR-401-BadAccountStatus", "ERR-401-TrialExceeded"],
        means: .closeGate(base: .seconds(10)), words: "there is a problem with the account"),
      // The account works for all jobs that need only the features it has.
      FailureRow(
        id: "video-401-feature", codes: ["ERR-401-FeatureNotEnabled"], means: .dead,
        words: "the account does not have this feature"),
      FailureRow(
        id: "video-401", statuses: [401], means: .closeGateUnlessAlone(base: .seconds(10)),
        words: "access was refused"),
      FailureRow(
        id: "video-403", codes: ["ERR-403-RecordUnaccessible"], means: .dead, words: "it belongs to another account"),
      FailureRow(
        id: "video-gone", codes: ["ERR-404-RecordNotFound", "ERR-410-RecordDeleted"], means: .dead,
        words: "it does not exist or was deleted"),
      // No code is documented for it: ten live streams or stream sources were created within three hours.
      FailureRow(
        id: "video-409-limit", statuses: [409], means: .budgetSpent(wait: .seconds(1200)),
        words: "an account limit has been reached"),
      FailureRow(
        id: "video-422-processing", codes: ["ERR-422-NotAvailable"], means: .snooze(.seconds(30)),
        words: "the asset is not available yet"),
      // The next look at the state decides.
      FailureRow(
        id: "video-422-state", codes: ["ERR-422-InvalidStateChange"], means: .snooze(.seconds(5)),
        words: "its current state does not allow this"),
      FailureRow(
        id: "video-422-invalid", codes: ["ERR-422-RecordInvalid"], means: .dead, words: "the values were refused"),
      // For a call that stops a stream this is success, and no other call gets it.
      FailureRow(
        id: "video-423", codes: ["ERR-423-StreamAlreadyStopped"], means: .dead, words: "the stream has already stopped"),
      FailureRow(
        id: "video-429", statuses: [429], means: .closeGate(base: .seconds(1)), words: "too many requests"),
      FailureRow(
        id: "video-503", statuses: [503], broke: [.refused, .unknown], means: .closeGate(base: .seconds(1)),
        words: "the service is unavailable"),
      FailureRow(
        id: "video-unknown", broke: [.unknown], means: .suspectOutage,
        words: "it is unknown whether the service carried it out"),
      FailureRow(
        id: "video-trouble", statuses: [FailureRow.noAnswer, 408] + Array(200...299) + Array(500...599),
        means: .suspectOutage,
        words: "the service is failing"),
    ],
    otherwise: FailureRow(
      id: "video-other", means: .dead, words: "the service refused the request"))
}
