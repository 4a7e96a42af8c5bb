import FoundationEssentials
import HTTPTransport
import JobQueue

@testable import AWSClient

/// S3's objects and uploads in memory. It believes checksums, and keeps the stamps of what it was sent instead of the
/// bytes. ``UploadGiven`` asks it directly or over a socket.
actor UploadServer: HTTPTransport {
  /// Which checksum it tells of what was sent in parts.
  enum Checksums: Sendable, CaseIterable {
    case fullObject, composite, compositeWithoutCount, none
    /// Calls it composite, and tells that of all bytes with the number of parts: Ceph 20 of an object of one part.
    case wholeWithCount
  }

  /// How it words what others word otherwise.
  struct Manner: Sendable {
    /// Whether its entity tags are made of MD5; it must see the bytes for that, over a socket.
    var hasDigestTags = false
    /// What it says of an object's encryption; its entity tags then mean nothing.
    var encryption: [String: String] = [:]
    /// Whether it answers a part with its checksum, and wants to hear it at the end.
    var tellsPartChecksums = false
    /// Whether it takes a checksum in the list of parts for a mistake, as OpenStack Swift does.
    var refusesPartChecksums = false
    /// Whether it tells how large an object is.
    var tellsSize = true
    /// Whether it gives its answers a request id.
    var namesAnswers = true
    /// Whether it gives one to answers without a body too.
    var namesWordless = true
    /// A header, in lower case, that it refuses.
    var refusedHeader: String?
    /// Whether it writes entity tags in quotes where it lists parts.
    var quotesListedTags = true
    /// How many parts it lists at once, without saying with which it goes on; nil for all.
    var partsPerPage: Int?
    /// By how much the time of a signature may be off; nil where it is not looked at.
    var clockTolerance: Duration?
    /// Whether it keeps what comes as `x-amz-meta-…`.
    var keepsMetadata = true
    /// Whether it answers a part with its entity tag.
    var tellsPartTags = true
    /// Whether it gives objects back; only over a socket, where it sees their bytes.
    var givesObjects = false
    /// Whether it makes the entity tag of an object in parts as Garage does.
    var hasTagsOfTexts = false
    /// The status by which it refuses to be asked for the head of an object.
    var headRefusal: Int?
    /// The root of its answer to a completion.
    var completionRoot = "CompleteMultipartUploadResult"
  }

  /// What it makes of `If-None-Match`.
  enum Conditions: Sendable, Hashable {
    case heeded
    case ignored
    case refused(Int, String)
    /// It takes every key for one that is taken.
    case neverMet
  }

  /// What becomes of one request.
  enum Fate: Sendable {
    /// It never arrives, and nobody knows.
    case lostBefore
    /// It is carried out, its answer is lost.
    case lostAfter
    /// Its answer is lost, and it is carried out only when the operation is asked for again.
    case late
    /// Something happens first; then it is carried out.
    case after(@Sendable () async throws -> Void)
    case refused(Int, String)
    /// Nobody listens.
    case unreachable
  }

  struct Piece: Sendable {
    var stamps: [String]
    var crc: CRC32C
    var length: Int64
    var md5: [UInt8]?
    var bytes: [UInt8] = []
  }

  struct Stored: Sendable {
    var stamps: [String]
    var size: Int64
    var checksum: (value: String, type: String)?
    var headers: [String: String]
    /// Without quotes; nil for its first stamp.
    var tag: String?
    var bytes: [UInt8] = []
  }

  struct Pending: Sendable {
    var key: String
    var headers: [String: String]
    var initiated: Timestamp
    var parts: [Int: Piece] = [:]
  }

  private let clock: any QueueClock
  private let checksums: Checksums
  private let conditions: Conditions
  private let manner: Manner
  /// By how much its clock is ahead of the workers'.
  private let ahead: Duration
  private(set) var objects: [String: Stored] = [:]
  private(set) var uploads: [String: Pending] = [:]
  private(set) var operations: [String] = []
  private(set) var requests: [HTTPRequest] = []
  private var fates: [String: [Fate]] = [:]
  private var late: [String: UploadCall] = [:]
  private var lastUpload = 0
  private var checksumRefusal: (status: Int, code: String, message: String, ofBodies: Bool)?
  private var looksInVain = 0
  private var gateway: Gateway?

  init(
    clock: any QueueClock, checksums: Checksums = .fullObject, conditions: Conditions = .heeded,
    ahead: Duration = .zero, manner: Manner = Manner()
  ) {
    self.clock = clock
    self.checksums = checksums
    self.conditions = conditions
    self.ahead = ahead
    self.manner = manner
  }

  /// The time by its own clock.
  func now() -> Timestamp { clock.now() + ahead }

  /// What becomes of the next requests of an operation.
  func fate(of operation: String, _ fates: Fate...) { self.fates[operation, default: []] += fates }

  /// Refuses every request that is about checksums, from now on.
  /// - Parameter ofBodies: only those that come with bytes.
  func refuseChecksums(_ status: Int, _ code: String, says message: String = "no", ofBodies: Bool = false) {
    checksumRefusal = (status, code, message, ofBodies)
  }

  /// Somebody between a server and its clients, who answers in its place for a while.
  struct Gateway: Sendable {
    /// So many requests pass first.
    var passed: Int
    /// Then so many are answered so.
    var left: Int
    var status: Int
    /// Whether the server is asked all the same.
    var passesOn = false
    /// Whether it says so in plain text, as gateways between services do, and not by a page for people.
    var isPlain = false

    /// Its page, when this request is one of those.
    mutating func page() -> HTTPResponse? {
      guard passed == 0 else {
        passed -= 1
        return nil
      }
      guard left > 0 else { return nil }
      left -= 1
      return HTTPResponse(
        status: status, headers: [("Content-Type", isPlain ? "text/plain" : "text/html")],
        body: Array((isPlain ? "no healthy upstream" : "<html><body>Sorry</body></html>").utf8))
    }
  }

  func standBehind(_ gateway: Gateway) { self.gateway = gateway }

  /// Requests that the gateway has still to answer.
  var pagesLeft: Int { gateway?.left ?? 0 }

  /// Does not show what is stored to so many looks.
  func hideObjects(for looks: Int) { looksInVain = looks }

  /// The requests that were about checksums.
  var requestsWithChecksums: [String] { requests.map(UploadCall.init).filter(\.namesChecksums).map(\.operation) }

  func count(_ operation: String) -> Int { operations.count { $0 == operation } }

  /// Puts somebody else's object there.
  func put(_ key: String, _ object: Stored) { objects[key] = object }

  func begin(_ key: String, id: String, initiated: Timestamp) {
    uploads[id] = Pending(key: key, headers: [:], initiated: initiated)
  }

  func remove(_ key: String) { objects[key] = nil }

  func removePart(_ number: Int) {
    for id in uploads.keys { uploads[id]?.parts[number] = nil }
  }

  /// The operations that change something.
  var writes: [String] { operations.filter { !$0.hasPrefix("Head") && !$0.hasPrefix("List") } }

  func forgetUploads() { uploads = [:] }

  func change(_ key: String, _ body: @Sendable (inout Stored) -> Void) {
    if var object = objects[key] {
      body(&object)
      objects[key] = object
    }
  }

  func send(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse {
    let call = UploadCall(request)
    if let page = gateway?.page() {
      if gateway?.passesOn == true { _ = answer(call) }
      return page
    }
    operations.append(call.operation)
    requests.append(request)
    if let late = late.removeValue(forKey: call.operation) { _ = answer(late) }
    var fate: Fate?
    if fates[call.operation]?.isEmpty == false { fate = fates[call.operation]?.removeFirst() }
    switch fate {
    case .refused(let status, let code): return UploadCall.error(status, code)
    case .unreachable: throw lost(request, .connect, .notSent)
    case .lostBefore: throw lost(request, .connectionLost, .unknown)
    case .lostAfter:
      _ = answer(call)
      throw lost(request, .connectionLost, .unknown)
    case .late:
      late[call.operation] = call
      throw lost(request, .connectionLost, .unknown)
    case .after(let body): try? await body()
    case nil: break
    }
    var answer = answer(call)
    answer.headers.append(("Date", UploadCall.httpDate(now())))
    answer.headers.removeAll { $0.name == "x-amz-request-id" }
    if manner.namesAnswers, manner.namesWordless || !answer.body.isEmpty {
      answer.headers.append(("x-amz-request-id", "r1"))
    }
    return answer
  }

  private func lost(_ request: HTTPRequest, _ code: HTTPTransportError.Code, _ delivery: Delivery) -> HTTPTransportError
  {
    HTTPTransportError(code: code, delivery: delivery, target: request.method, cause: "no answer")
  }

  private func piece(_ call: UploadCall) -> Piece? {
    var piece = call.piece(isChecksumOptional: checksumRefusal != nil, withMD5: manner.hasDigestTags)
    if manner.givesObjects, case .bytes(let bytes) = call.body { piece?.bytes = bytes }
    return piece
  }

  private func answer(_ call: UploadCall) -> HTTPResponse {
    if let header = manner.refusedHeader, call.headers[header] != nil {
      return UploadCall.error(501, "NotImplemented")
    }
    if let tolerance = manner.clockTolerance, !call.isSigned(at: now(), within: tolerance) {
      return call.method == "HEAD"
        ? HTTPResponse(status: 403, headers: [], body: []) : UploadCall.error(403, "RequestTimeTooSkewed")
    }
    if let refusal = checksumRefusal, call.namesChecksums, !refusal.ofBodies || call.method == "PUT" {
      return UploadCall.error(refusal.status, refusal.code, refusal.message)
    }
    switch call.operation {
    case "HeadObject": return head(call)
    case "GetObject" where manner.givesObjects && objects[call.key] != nil: return get(call)
    case "PutObject": return put(call)
    case "CreateMultipartUpload": return create(call)
    case "ListMultipartUploads": return listUploads(call)
    // Every bucket is there, and its settings are unknown.
    case "HeadBucket": return HTTPResponse(status: 200, headers: [], body: [])
    case "ListParts", "UploadPart", "CompleteMultipartUpload", "AbortMultipartUpload":
      guard let id = call.query["uploadId"], let pending = uploads[id] else {
        return UploadCall.error(404, "NoSuchUpload")
      }
      return answer(call, id, pending)
    default: return UploadCall.error(501, "NotImplemented")
    }
  }

  private func answer(_ call: UploadCall, _ id: String, _ pending: Pending) -> HTTPResponse {
    switch call.operation {
    case "ListParts":
      let after = call.query["part-number-marker"].flatMap { Int($0) } ?? 0
      let left = pending.parts.filter { $0.key > after }.sorted { $0.key < $1.key }
      let page = left.prefix(manner.partsPerPage ?? left.count)
      let parts = page.map { number, piece in
        let tag = Self.etag(piece).filter { manner.quotesListedTags || $0 != "\"" }
        return "<Part><PartNumber>\(number)</PartNumber><ETag>\(tag)</ETag><Size>\(piece.length)</Size></Part>"
      }
      return UploadCall.xml(
        "ListPartsResult", "<IsTruncated>\(page.count < left.count)</IsTruncated>" + parts.joined())
    case "UploadPart":
      guard let number = call.query["partNumber"].flatMap(Int.init),
        let piece = piece(call)
      else {
        return UploadCall.error(400, "InvalidRequest")
      }
      uploads[id]?.parts[number] = piece
      let told = manner.tellsPartChecksums ? [(name: "x-amz-checksum-crc32c", value: piece.crc.base64)] : []
      return HTTPResponse(
        status: 200, headers: told + (manner.tellsPartTags ? [("ETag", Self.etag(piece))] : []), body: [])
    case "AbortMultipartUpload":
      uploads[id] = nil
      return HTTPResponse(status: 204, headers: [], body: [])
    default: return complete(call, id, pending)
    }
  }

  /// A range of an object, or all of it.
  private func get(_ call: UploadCall) -> HTTPResponse {
    let bytes = objects[call.key]?.bytes ?? []
    let ends = call.headers["range"].map { $0.dropFirst("bytes=".count).split(separator: "-").compactMap { Int($0) } }
    guard let ends, ends.count == 2 else { return HTTPResponse(status: 200, headers: [], body: bytes) }
    return HTTPResponse(status: 206, headers: [], body: Array(bytes[ends[0]...ends[1]]))
  }

  private func stored(_ call: UploadCall) -> [String: String] {
    call.storedHeaders.filter { manner.keepsMetadata || !$0.key.hasPrefix("x-amz-meta-") }
  }

  private func head(_ call: UploadCall) -> HTTPResponse {
    if let status = manner.headRefusal { return HTTPResponse(status: status, headers: [], body: []) }
    guard let object = objects[call.key], looksInVain == 0 else {
      if objects[call.key] != nil { looksInVain -= 1 }
      return HTTPResponse(status: 404, headers: [], body: [])
    }
    var headers = object.headers.merging(manner.encryption) { $1 }.map { (name: $0.key, value: $0.value) }
    if manner.tellsSize { headers.append(("Content-Length", "\(object.size)")) }
    headers += [("ETag", "\"\(object.tag ?? object.stamps.first ?? "")\"")]
    if let (value, type) = object.checksum {
      headers += [("x-amz-checksum-crc32c", value), ("x-amz-checksum-type", type)]
    }
    return HTTPResponse(status: 200, headers: headers, body: [])
  }

  private func put(_ call: UploadCall) -> HTTPResponse {
    guard let piece = piece(call) else {
      return UploadCall.error(400, "InvalidRequest")
    }
    if let refusal = refusal(of: call, call.key) { return refusal }
    objects[call.key] = Stored(
      stamps: piece.stamps, size: piece.length, checksum: checksums == .none ? nil : (piece.crc.base64, "FULL_OBJECT"),
      headers: stored(call), tag: tag(piece.md5.map { S3EntityTag(md5: $0) }), bytes: piece.bytes)
    return HTTPResponse(status: 200, headers: [("ETag", Self.etag(piece))], body: [])
  }

  private func refusal(of call: UploadCall, _ key: String) -> HTTPResponse? {
    guard call.isOnlyIfAbsent else { return nil }
    switch conditions {
    case .ignored: return nil
    case .refused(let status, let code): return UploadCall.error(status, code)
    case .neverMet: return UploadCall.error(412, "PreconditionFailed")
    case .heeded: return objects[key] == nil ? nil : UploadCall.error(412, "PreconditionFailed")
    }
  }

  private func create(_ call: UploadCall) -> HTTPResponse {
    lastUpload += 1
    uploads["upload-\(lastUpload)"] = Pending(key: call.key, headers: stored(call), initiated: now())
    var answer = UploadCall.xml("InitiateMultipartUploadResult", "<UploadId>upload-\(lastUpload)</UploadId>")
    switch checksums {
    case .fullObject: answer.headers.append(("x-amz-checksum-type", "FULL_OBJECT"))
    case .composite, .compositeWithoutCount, .wholeWithCount:
      answer.headers.append(("x-amz-checksum-type", "COMPOSITE"))
    case .none: break
    }
    return answer
  }

  private func listUploads(_ call: UploadCall) -> HTTPResponse {
    let found = uploads.sorted { $0.key < $1.key }.filter { $0.value.key.hasPrefix(call.query["prefix"] ?? "") }
    let list = found.map { id, pending in
      "<Upload><Key>\(pending.key)</Key><UploadId>\(id)</UploadId>"
        + "<Initiated>\(UploadCall.moment(pending.initiated))</Initiated></Upload>"
    }
    return UploadCall.xml("ListMultipartUploadsResult", list.joined())
  }

  private func complete(_ call: UploadCall, _ id: String, _ pending: Pending) -> HTTPResponse {
    let pieces = pending.parts.sorted { $0.key < $1.key }.map(\.value)
    guard call.bodyText.split(separator: "<Part>").count - 1 == pieces.count,
      pieces.allSatisfy({ call.bodyText.contains("<ETag>\(Self.etag($0))</ETag>") })
    else { return UploadCall.error(400, "InvalidPart") }
    guard !manner.refusesPartChecksums || !call.bodyText.contains("<Checksum") else {
      return UploadCall.error(400, "MalformedXML")
    }
    guard !manner.tellsPartChecksums || call.bodyText.contains("<ChecksumCRC32C>") else {
      return UploadCall.error(400, "InvalidRequest")
    }
    if let refusal = refusal(of: call, pending.key) { return refusal }
    let whole = pieces.reduce(CRC32C()) { CRC32C.combine($0, $1.crc, secondLength: $1.length) }
    if let told = call.headers["x-amz-checksum-crc32c"], told != whole.base64 {
      return UploadCall.error(400, "BadDigest")
    }
    objects[pending.key] = Stored(
      stamps: pieces.flatMap(\.stamps), size: pieces.reduce(0) { $0 + $1.length }, checksum: checksum(pieces, whole),
      headers: pending.headers,
      tag: manner.hasDigestTags
        ? tag(manner.hasTagsOfTexts ? Self.tagOfTexts(pieces) : S3EntityTag(partMD5s: pieces.compactMap(\.md5))) : nil,
      bytes: pieces.flatMap(\.bytes))
    uploads[id] = nil
    return UploadCall.xml(manner.completionRoot, "<ETag>\"done\"</ETag>")
  }

  private func checksum(_ pieces: [Piece], _ whole: CRC32C) -> (value: String, type: String)? {
    let bytes = pieces.flatMap { piece in (0..<4).map { UInt8(truncatingIfNeeded: piece.crc.value >> (24 - 8 * $0)) } }
    let composite = CRC32C(bytes).base64
    switch checksums {
    case .fullObject: return (whole.base64, "FULL_OBJECT")
    case .composite: return ("\(composite)-\(pieces.count)", "COMPOSITE")
    case .compositeWithoutCount: return (composite, "COMPOSITE")
    case .wholeWithCount: return ("\(whole.base64)-\(pieces.count)", "COMPOSITE")
    case .none: return nil
    }
  }

  /// The MD5 of the parts' tags as they are written, in hexadecimal digits.
  private static func tagOfTexts(_ pieces: [Piece]) -> S3EntityTag? {
    let texts = pieces.compactMap(\.md5).flatMap { Array(S3EntityTag(md5: $0).hex.utf8) }
    let md5 = Data(base64Encoded: Digests.contentMD5(texts)).map { Array($0) } ?? []
    return S3EntityTag("\(S3EntityTag(md5: md5).hex)-\(pieces.count)")
  }

  private static func etag(_ piece: Piece) -> String {
    "\"\(piece.md5.map { S3EntityTag(md5: $0).hex } ?? piece.stamps.first ?? "")\""
  }

  /// The tag of an object; of one that is encrypted 32 digits that look like an MD5 and are none.
  private func tag(_ tag: S3EntityTag?) -> String? {
    guard let tag else { return nil }
    let digits = manner.encryption.isEmpty ? tag.hex : String(tag.hex.reversed())
    return tag.parts.map { "\(digits)-\($0)" } ?? digits
  }
}
