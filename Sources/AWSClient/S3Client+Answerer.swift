import HTTPTransport

/// Who gave an answer: the server itself, or something on the way to it.
extension S3Client {
  /// The error of a success without the requested document: someone else's answer, unless the server identifies itself.
  func notOurs(_ call: S3Call, _ response: HTTPResponse, cause: String) async -> ProviderError {
    let error =
      await isItself(call, response) ? unreadable(call, response, cause: cause) : foreign(call, response, cause)
    AnswerJudgement.observer?(error)
    return error
  }

  /// Whether a success is the server's own: by S3's header fields, or because the server identifies itself.
  func isItself(_ call: S3Call, _ response: HTTPResponse) async -> Bool {
    if response.isOfS3 { return true }
    return await answersAsItself(call)
  }

  /// The error of a foreign answer.
  func foreign(_ call: S3Call, _ response: HTTPResponse, _ message: String) -> ProviderError {
    ProviderError.foreign(
      provider: "s3", operation: call.operation, target: call.target, response: response, isWrite: !call.isRead,
      says: message, retryAfter: AWSErrorAnswer.retryAfter(response, now: clock()))
  }

  /// Whether a success is S3's own: by its header fields, by its document, which the caller reads, or by the ETag of
  /// the object concerned. Any other success, such as the empty answer of a captive portal, must come from a
  /// self-hosted server that never writes such fields.
  func isOwn(success response: HTTPResponse, of call: S3Call) async -> Bool {
    if response.isOfS3 {
      await knowledge.answeredAsItself(by: response, isToHead: call.isHead)
      return true
    }
    if response.hasPageBody { return false }
    if endpoint.ownBase != nil, isAnybodys(response, to: call) {
      // After a write the outcome is unknown, and the next attempt looks.
      guard call.isRead, await answersAsItself(call, anew: true) else { return false }
      if call.answersWithDocument { return true }
      return await knowledge.mayBeUnnamed(success: response)
    }
    if call.answersWithDocument, !response.isPage { return true }
    guard endpoint.ownBase != nil else { return false }
    // Some servers declare all their answers to be pages in the header, so nothing in it counts.
    if call.key != nil, response.hasTag, !response.isPage { return true }
    guard await answersAsItself(call) else { return false }
    return await knowledge.mayBeUnnamed(success: response)
  }

  /// Whether a success of a self-hosted server has nothing that only S3 writes, neither in its header nor in its body:
  /// a portal's would look the same. What a write with such an answer did is checked afterwards.
  func isAnybodys(_ response: HTTPResponse, to call: S3Call) -> Bool {
    if response.isOfS3 || endpoint.ownBase == nil { return false }
    if call.isHead { return !response.hasTag }
    if call.answersWithDocument { return !response.isDocument(orPolicy: call.subresource == "policy") }
    if call.isRead { return call.key != nil && !response.hasTag }
    return !response.body.isEmpty && !response.isDocument(orPolicy: false)
  }

  /// Who gave an answer that is not a success.
  enum Giver {
    case server, somebodyElse
    /// It may come from a gateway that is gone by now: worth one more try.
    case unclear
  }

  /// Who gave a refusal that is not in S3's words: only a self-hosted server that identifies itself in an ordinary
  /// call. That call comes a moment later, and the gateway may have gone in between.
  func giver(of response: HTTPResponse, to call: S3Call, doubted: Set<Int>) async -> Giver {
    // A redirect without S3's words comes from something in between, even if the server itself can be reached.
    if (300..<400).contains(response.status) { return .somebodyElse }
    let isWordless = response.body.isEmpty
    // A refused write and a server failure are reported in the server's own words or in none. Some servers leave reads
    // that they do not know to the web server in front of them, which words its answers as gateways do.
    if !isWordless, !call.isRead || ![400, 404, 405, 501].contains(response.status) { return .somebodyElse }
    // A look is meant to find out whether the object is absent. Any other refusal would end the job.
    guard await answersAsItself(call, anew: response.status != 404) else { return .somebodyElse }
    let isNameMissing = await knowledge.namesItsAnswers && !response.isNamedByS3
    // A text for a single sub-resource would make its setting look unknown.
    if isNameMissing, !isWordless || !call.isRead { return .somebodyElse }
    // A server may put its id only on answers with a body; if it put it on an answer to a HEAD, it does so on all of
    // them.
    if isNameMissing, call.isHead, response.status != 404, await knowledge.namesHeads { return .somebodyElse }
    // The server gives the same answer when it is asked again. If the answers differ, more than one party answers.
    let isDoubtful = isNameMissing || !isWordless || call.isHead && response.status != 404
    if !isDoubtful || doubted.contains(response.status) { return .server }
    return doubted.count < 3 ? .unclear : .somebodyElse
  }

  /// Whether a self-hosted server, which may omit some of what S3 writes into its answers, is there and not a gateway:
  /// it has answered as itself during this client's life, which is one attempt of a job, or does so now to an ordinary
  /// call.
  ///
  /// An answer with a body could have shown who gave it, and so could any answer of a server that puts its id on its
  /// answers: in these cases the server is asked again.
  private func answersAsItself(_ call: S3Call, anew: Bool = false) async -> Bool {
    guard endpoint.ownBase != nil else { return false }
    if call.isHead, !anew, await knowledge.hasAnsweredAsItself, await !knowledge.namesItsAnswers { return true }
    let location = S3Call.get("GetBucketLocation", call.bucket, "location")
    guard let used = try? await credentials(for: location),
      let response = try? await exchange(location, region: endpoint.region, credentials: used),
      let root = try? XMLReader.read(response.body)
    else { return false }
    let isItself = ["LocationConstraint", "ListBucketResult"].contains(root.name) || AWSErrorAnswer.isEnvelope(root)
    if isItself { await knowledge.answeredAsItself(by: response) }
    return isItself
  }

  /// The error of an answer that is not the requested XML.
  func unreadable(_ call: S3Call, _ response: HTTPResponse, cause: String) -> ProviderError {
    ProviderError(
      provider: "s3", operation: call.operation, target: call.target, status: response.status,
      code: "UnreadableAnswer", message: "the response is not S3's XML: \(cause)",
      requestID: response.header("x-amz-request-id"), delivery: call.isRead ? .refused : .unknown,
      hint: "check that the endpoint is an S3 server and that no proxy answers in its place"
    ).redacted(by: response.redactor)
  }
}

extension HTTPResponse {
  /// Whether the header has S3's own fields.
  var isOfS3: Bool { headers.contains { $0.name.lowercased().hasPrefix("x-amz-") } }

  /// Whether it has the entity tag of an object.
  fileprivate var hasTag: Bool { header("etag")?.contains { $0 != "\"" } == true }

  /// Whether its body starts like XML, or is a bucket's policy.
  fileprivate func isDocument(orPolicy: Bool) -> Bool {
    let start = body.first { $0 != 0x20 && !(0x09...0x0d).contains($0) && ![0xEF, 0xBB, 0xBF].contains($0) }
    if start == UInt8(ascii: "<") { return !hasPageBody }
    return orPolicy && String(decoding: body, as: UTF8.self).contains(#""Statement""#)
  }

  /// Whether it carries the id that S3 gives to each answer.
  var isNamedByS3: Bool { header("x-amz-request-id") != nil }
}
