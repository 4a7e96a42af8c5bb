import CCurl
import Secrets

/// One exchange in progress: what is sent, what has arrived, and whether the request may have been sent.
///
/// @unchecked Sendable, proof: built by the sending task, which passes it on once through the lock of ``CurlEngine``
/// and keeps it only to refer to it when it cancels. Afterwards only the engine's thread touches the properties;
/// libcurl runs the callbacks on the thread that drives the multi handle. The exceptions are `isCancelled` and
/// `isAccepted`, always touched under the engine's lock, and `continuation`, set under it before the transfer is passed
/// on. A transfer that is not accepted stays with the sending task.
final class Transfer: @unchecked Sendable {
  let request: HTTPRequest
  let target: String
  let started: ContinuousClock.Instant
  let upload: UploadFile?
  /// Whether no kept connection may be used.
  let needsNewConnection: Bool
  /// Whether the server may first be asked whether it accepts a large body.
  let mayAskFirst: Bool

  var continuation: CheckedContinuation<TransferEnd, Never>?
  var isCancelled = false
  var isAccepted = false

  /// libcurl writes its error message here; the buffer must outlive the transfer in libcurl.
  let errorText = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
  var easy: UnsafeMutableRawPointer?
  var headerLines: UnsafeMutablePointer<curl_slist>?

  private(set) var head = ResponseHead()
  /// What failed on our side of a callback; it explains libcurl's code and takes precedence over it.
  private(set) var ownFailure: (code: HTTPTransportError.Code, cause: String)?
  /// The part of the answer that arrived before it became too large.
  private(set) var begun: BegunAnswer?
  private(set) var departure: Departure
  private var body: [UInt8] = []
  private var download: DownloadFile?

  /// Opens the files, so that their errors come before anything is sent.
  init(
    _ request: HTTPRequest, target: String, started: ContinuousClock.Instant, needsNewConnection: Bool = false,
    mayAskFirst: Bool = true
  ) throws(FileFailure) {
    self.request = request
    self.needsNewConnection = needsNewConnection
    self.mayAskFirst = mayAskFirst
    self.target = target
    self.started = started
    departure = Departure(request)
    errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    if case .file(let path, let offset, let length, let expected) = request.body {
      upload = try UploadFile(path: path, offset: offset, length: length, expected: expected)
    } else {
      upload = nil
    }
    if case .file(let path) = request.sink { download = try DownloadFile(path: path) }
  }

  deinit {
    errorText.deallocate()
  }

  // MARK: What libcurl's callbacks ask

  /// Whether libcurl may send a request, now that it has a connection; called again for each repetition.
  func mayDepart(requestSize: Int) -> Bool {
    if let refusal = departure.begin(requestSize: requestSize, previousAnswer: head) {
      ownFailure = refusal
      return false
    }
    head = ResponseHead()
    body.removeAll()
    return true
  }

  func take(headLine line: UnsafeRawBufferPointer) -> Bool {
    departure.answerBegan()
    if head.take(line) { return true }
    ownFailure = (.protocolViolation, "the response headers are too large")
    return false
  }

  func take(body bytes: UnsafeRawBufferPointer) -> Bool {
    if let download, isSuccess {
      return ownFile { () throws(FileFailure) in try download.write(bytes) } != nil
    }
    guard bytes.count <= bodyLimit - body.count else {
      ownFailure = (.responseTooLarge, "the response (\(head.status)) is larger than \(bodyLimit) bytes")
      begun = BegunAnswer(
        status: head.status, contentType: head.headers.first { $0.name.lowercased() == "content-type" }?.value,
        start: body.isEmpty ? Array(bytes.prefix(BegunAnswer.longest)) : body)
      return false
    }
    body.append(contentsOf: bytes)
    return true
  }

  /// The next bytes of the file, nil if reading failed.
  func fill(_ buffer: UnsafeMutableRawBufferPointer) -> Int? {
    guard let upload else { return 0 }
    return ownFile { () throws(FileFailure) in try upload.read(into: buffer) }
  }

  // MARK: The end

  /// The complete answer, or nil if writing it to the file failed.
  func response(metrics: HTTPMetrics) -> HTTPResponse? {
    if let download {
      if isSuccess, ownFile({ () throws(FileFailure) in try download.keep() }) == nil { return nil }
      dropDownload()
    }
    return HTTPResponse(status: head.status, headers: head.headers, body: body, metrics: metrics)
  }

  /// Removes the file unless it was kept. Called before the sender learns of the end, so that it finds the path free.
  func dropDownload() {
    download = nil
  }

  private var isSuccess: Bool { (200..<300).contains(head.status) }

  /// Error texts that go to memory although the caller requested a file are short; this is only a bound.
  private var bodyLimit: Int {
    if case .memory(let limit) = request.sink { limit } else { 1 << 20 }
  }

  private func ownFile<Result>(_ work: () throws(FileFailure) -> Result) -> Result? {
    do {
      return try work()
    } catch {
      ownFailure = (.file, error.cause)
      return nil
    }
  }
}

/// How a transfer ended.
struct TransferEnd: Sendable {
  var result: Result<HTTPResponse, HTTPTransportError>
  var metrics: HTTPMetrics

  /// Whether the request was lost with a kept connection. libcurl itself repeats such a request a few times, each time
  /// on the next kept connection that looks alive. If many were closed at once, as by a firewall, that is not enough.
  /// It also does not notice the rest of an answer that was longer than its head said, which is then read as the next
  /// one: Ceph 20 sends such answers.
  var isLostWithKeptConnection: Bool {
    guard case .failure(let error) = result else { return false }
    return [.connectionLost, .protocolViolation].contains(error.code) && metrics.newConnections == 0
  }

  /// Whether the server refused the question whether it accepts the body.
  var isExpectationRefused: Bool {
    if case .success(let response) = result { response.status == 417 } else { false }
  }

  /// Gives an answer the redactor for the request's secrets; removes the secrets from an error.
  mutating func redact(by redactor: Redactor) {
    switch result {
    case .success(var response):
      response.redactor = redactor
      result = .success(response)
    case .failure(var error):
      error.cause = redactor.redact(error.cause)
      result = .failure(error)
    }
  }
}
