import HTTPTransport

/// Who gave an answer: the server itself, or somebody on the way to it.
extension S3Client {
  /// The error of a success that is not the document that was asked for: somebody else's, unless the server shows itself.
  func notOurs(_ call: S3Call, _ response: HTTPResponse, cause: String) async -> ProviderError {
    let error =
      await isItself(call, response) ? unreadable(call, response, cause: cause) : foreign(call, response, cause)
    AnswerJudgement.observer?(error)
    return error
  }

  /// Whether a success is the server's own: by S3's fields in its head, or because the server shows itself.
  func isItself(_ call: S3Call, _ response: HTTPResponse) async -> Bool {
    if response.isOfS3 { return true }
    return await answersAsItself(call)
  }

  /// The error of what somebody else said.
  func foreign(_ call: S3Call, _ response: HTTPResponse, _ message: String) -> ProviderError {
    ProviderError.foreign(
      provider: "s3", operation: call.operation, target: call.target, response: response, isWrite: !call.isRead,
      says: message, retryAfter: AWSErrorAnswer.retryAfter(response, now: clock()))
  }

  /// Whether a success is S3's own: by its fields in the head, by its document, which the caller reads, or by the ETag of
  /// the object that it is about. Whatever else calls itself one, such as the empty answer of a captive portal, must come
  /// from a server of one's own that never writes such fields.
  func isOwn(success response: HTTPResponse, of call: S3Call) async -> Bool {
    if response.isOfS3 {
      await knowledge.answeredAsItself(by: response, isToHead: call.isHead)
      return true
    }
    if response.hasPageBody { return false }
    if endpoint.ownBase != nil, isAnybodys(response, to: call) {
      // After a write nobody knows, and the next attempt looks.
      guard call.isRead, await answersAsItself(call, anew: true) else { return false }
      if call.answersWithDocument { return true }
      return await knowledge.mayBeUnnamed(success: response)
    }
    if call.answersWithDocument, !response.isPage { return true }
    guard endpoint.ownBase != nil else { return false }
    // Some servers call all their answers pages in the head, so that nothing in it counts.
    if call.key != nil, response.hasTag, !response.isPage { return true }
    guard await answersAsItself(call) else { return false }
    return await knowledge.mayBeUnnamed(success: response)
  }

  /// Whether a success of a server of one's own has nothing that only S3 writes, neither in its head nor in its body: a
  /// portal's would look the same. What a write without a word did is seen afterwards.
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
    /// A gateway may have given it and be gone: worth asking once more.
    case unclear
  }

  /// Who gave a refusal that is not in S3's words: nobody but a server of one's own that shows itself to an ordinary
  /// call. That one is asked a moment later, and the gateway may have gone between the two.
  func giver(of response: HTTPResponse, to call: S3Call, doubted: Set<Int>) async -> Giver {
    // Who redirects without S3's words is in between, however well the server itself can be asked.
    if (300..<400).contains(response.status) { return .somebodyElse }
    let isWordless = response.body.isEmpty
    // What a server refuses to write, and why it is in trouble, it says in its own words or in none. To a read some leave
    // what they do not know to the web server in front of them, which words it as gateways do.
    if !isWordless, !call.isRead || ![400, 404, 405, 501].contains(response.status) { return .somebodyElse }
    // That there is no such object is what a look is for. Any other refusal would end the job.
    guard await answersAsItself(call, anew: response.status != 404) else { return .somebodyElse }
    let isNameMissing = await knowledge.namesItsAnswers && !response.isNamedByS3
    // A text for one sub-resource alone would make its setting look unknown.
    if isNameMissing, !isWordless || !call.isRead { return .somebodyElse }
    // A server may name its answers with a body only; one that named an answer to a HEAD names them all.
    if isNameMissing, call.isHead, response.status != 404, await knowledge.namesHeads { return .somebodyElse }
    // The server says the same when it is asked again. Who says something else each time is not one alone.
    let isDoubtful = isNameMissing || !isWordless || call.isHead && response.status != 404
    if !isDoubtful || doubted.contains(response.status) { return .server }
    return doubted.count < 3 ? .unclear : .somebodyElse
  }

  /// Whether a server of one's own, which may not write all that S3 does into its answers, is there and not a gateway: it
  /// has answered as itself in this client's life, which is one attempt of a job, or does so to an ordinary call.
  ///
  /// An answer with a body could have said who gave it, and so could any of a server that names its answers: such a one
  /// is asked again.
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

  /// The error of an answer that is not the XML that was asked for.
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
  /// Whether S3's own fields are in its head.
  var isOfS3: Bool { headers.contains { $0.name.lowercased().hasPrefix("x-amz-") } }

  /// Whether it has the entity tag of an object.
  fileprivate var hasTag: Bool { header("etag")?.contains { $0 != "\"" } == true }

  /// Whether its body begins as XML does, or is a bucket's policy.
  fileprivate func isDocument(orPolicy: Bool) -> Bool {
    let start = body.first { $0 != 0x20 && !(0x09...0x0d).contains($0) && ![0xEF, 0xBB, 0xBF].contains($0) }
    if start == UInt8(ascii: "<") { return !hasPageBody }
    return orPolicy && String(decoding: body, as: UTF8.self).contains(#""Statement""#)
  }

  /// Whether it carries the id that S3 gives to each answer.
  var isNamedByS3: Bool { header("x-amz-request-id") != nil }
}
