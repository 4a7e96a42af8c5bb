import HTTPTransport
import JobQueue
import Secrets
import Testing

@testable import StreamingJobs

@Suite("Each failure of a provider means one thing for a job")
struct FailureTableTests {
  static let cases: [FailureCase] =
    FailureCase.unsent + FailureCase.foreign + FailureCase.tooLarge + FailureCase.ofEngine + FailureCase.ofVideo
    + FailureCase.ofS3
  static let rows: [FailureRow] =
    UnsentFailures.rows + ForeignFailures.rows
    + ProviderFailures.all.flatMap(\.table.all)

  @Test("as it comes over the wire, by way of the real client and transport", arguments: cases)
  func overTheWire(_ failure: FailureCase) async throws {
    let error = try await #require(throws: ProviderError.self) { try await failure.provoke() }
    #expect(error.code == failure.code)
    #expect(error.delivery == failure.delivery)
    #expect(FailureClassifier.row(for: error).id == failure.row)
    let verdict = FailureClassifier.classify(error)
    #expect(verdict.meaning == failure.means)
    #expect(error.saysBudgetIsSpent == (failure.row == "video-409-limit"))
    for words in failure.says + [error.operation, error.target, error.message] {
      #expect(verdict.words.contains(words))
    }
  }

  @Test("no row is without such a failure, and no code of a row")
  func complete() {
    #expect(Set(Self.rows.map(\.id)) == Set(Self.cases.map(\.row)))
    for row in Self.rows {
      let met = Set(Self.cases.filter { $0.row == row.id }.compactMap(\.code))
      #expect(met.isSuperset(of: row.codes), "\(row.id)")
    }
  }

  @Test("rows are told apart by their names")
  func names() {
    #expect(Set(Self.rows.map(\.id)).count == Self.rows.count)
  }

  @Test("a failure keeps the provider's code and request, the operation, the target and the way out")
  func failure() {
    #expect(
      FailureClassifier.classify(Self.error(422, "ERR-422-RecordInvalid"))
        == .dead(
          Failure(
            code: "ERR-422-RecordInvalid", message: "POST things thing-1: 422 the provider's words",
            hint: "the way out", requestID: "r1")))
  }

  @Test("a wait tells the person who looks what was met, in the provider's words too, and what is to be done about it")
  func waitReason() {
    let why = FailureClassifier.classify(Self.error(401, "ERR-401-ExpiredToken")).words
    #expect(
      why == "POST things thing-1: the token has expired (401 ERR-401-ExpiredToken: the provider's words); the way out")
  }

  @Test("a spent budget tells when the provider wants to be asked again, unless it is at once")
  func budget() {
    var error = Self.error(409, nil)
    #expect(error.saysBudgetIsSpent && error.budgetRetryAfter == nil)
    error.retryAfter = .seconds(2400)
    #expect(error.budgetRetryAfter == .seconds(2400))
    error.retryAfter = .zero
    #expect(error.budgetRetryAfter == nil)
  }

  @Test("a connection that is not configured waits for a person")
  func missingConnection() {
    let error = MissingConnection(kind: .wowzaVideo, name: "main", known: ["spare"])
    guard case .hold(let why) = FailureClassifier.classify(error) else {
      Issue.record("not held")
      return
    }
    #expect(why.contains("'main'") && why.contains("spare"))
  }

  @Test("a secret of the job's own that cannot be had is no matter of the provider's gate")
  func secret() {
    let error = SecretError(code: .missing, reference: "file:key", cause: "there is no such file", hint: "make it")
    #expect(FailureClassifier.classify(error).meaning == .wait(.seconds(60)))
  }

  private static func error(_ status: Int, _ code: String?) -> ProviderError {
    ProviderError(
      provider: "wowza-video", operation: "POST things", target: "thing-1", status: status, code: code,
      message: "the provider's words", requestID: "r1", delivery: .refused, hint: "the way out")
  }
}
