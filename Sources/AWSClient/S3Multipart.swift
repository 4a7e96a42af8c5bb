public import HTTPTransport
import Secrets

/// A new multipart upload.
public struct S3MultipartUpload: Sendable, Hashable {
  /// The upload's id.
  public var id: String
  /// When a lifecycle rule will abort it, an HTTP date.
  public var abortDate: String?
  /// `FULL_OBJECT` or `COMPOSITE` as the server returned it; nil if it did not.
  public var checksumType: String?
}

/// A part that the server has.
public struct S3Part: Sendable, Hashable {
  /// 1 to 10,000.
  public var number: Int
  /// The entity tag as sent.
  public var etag: String
  /// The size in bytes, if the server returned it.
  public var size: Int64?
  /// The CRC-32C in base64, if the server returned it.
  public var crc32c: String?

  /// Creates a part.
  public init(number: Int, etag: String, size: Int64? = nil, crc32c: String? = nil) {
    self.number = number
    self.etag = etag
    self.size = size
    self.crc32c = crc32c
  }
}

/// An upload that was neither completed nor aborted.
public struct S3PendingUpload: Sendable, Hashable {
  /// The key of the future object.
  public var key: String
  /// The upload's id.
  public var id: String
  /// When it was created, ISO 8601.
  public var initiated: String?
}

/// An assembled object.
public struct S3CompletedUpload: Sendable, Hashable {
  /// The entity tag as sent.
  public var etag: String?
  /// The CRC-32C as sent.
  public var crc32c: String?
  /// `FULL_OBJECT` or `COMPOSITE` as the server returned it.
  public var checksumType: String?
}

extension S3Client {
  /// Creates a multipart upload with a CRC-32C over the whole object. Not idempotent: every call creates a new id.
  public func createMultipartUpload(
    _ key: String, in bucket: String, options: S3ObjectOptions = S3ObjectOptions()
  ) async throws -> S3MultipartUpload {
    let checksum = [("x-amz-checksum-algorithm", "CRC32C"), ("x-amz-checksum-type", "FULL_OBJECT")]
    let call = S3Call(
      operation: "CreateMultipartUpload", method: "POST", bucket: bucket, key: key, query: [("uploads", nil)],
      headers: options.headers, dispensable: checksum.map { (name: $0.0, value: $0.1) })
    let (root, response) = try await document(call, roots: "InitiateMultipartUploadResult")
    guard let id = root.value("UploadId"), !id.isEmpty else { throw unreadable(call, response, cause: "no UploadId") }
    return S3MultipartUpload(
      id: id, abortDate: response.header("x-amz-abort-date"), checksumType: response.header("x-amz-checksum-type"))
  }

  /// Sends one part; safe to repeat, the same number overwrites.
  public func uploadPart(
    _ number: Int, of uploadID: String, key: String, in bucket: String, body: HTTPRequestBody, crc32c: CRC32C
  ) async throws -> S3Part {
    let call = S3Call(
      operation: "UploadPart", method: "PUT", bucket: bucket, key: key,
      query: [("partNumber", String(number)), ("uploadId", uploadID)],
      headers: [("Content-Type", "application/octet-stream")],
      dispensable: [("x-amz-checksum-crc32c", crc32c.base64)], body: body, timeouts: Self.uploadTimeouts)
    let response = try await send(call)
    let checksum = response.header("x-amz-checksum-crc32c")
    if let etag = response.header("etag") { return S3Part(number: number, etag: etag, crc32c: checksum) }
    // Something on the way may have removed it; the list shows it again.
    let listed = try await listParts(of: uploadID, key: key, in: bucket).first { $0.number == number }
    guard let listed else {
      let error =
        response.isOfS3
        ? unreadable(call, response, cause: "no ETag") : foreign(call, response, "and nothing of it is to be seen")
      AnswerJudgement.observer?(error)
      throw error
    }
    return S3Part(number: number, etag: listed.etag, crc32c: checksum)
  }

  /// All parts of an upload that the server has.
  public func listParts(of uploadID: String, key: String, in bucket: String) async throws -> [S3Part] {
    var parts: [S3Part] = []
    var marker: String?
    while true {
      let call = S3Call(
        operation: "ListParts", method: "GET", bucket: bucket, key: key,
        query: [("max-parts", "1000")] + (marker.map { [("part-number-marker", $0)] } ?? [])
          + [("uploadId", uploadID)])
      let (root, response) = try await document(call, roots: "ListPartsResult", "ListPartsResponse")
      for part in root.all("Part") {
        guard let number = part.value("PartNumber").flatMap(Int.init), let etag = part.value("ETag") else {
          throw unreadable(call, response, cause: "a part without number or ETag")
        }
        parts.append(
          S3Part(
            number: number, etag: etag, size: part.value("Size").flatMap(Int64.init),
            crc32c: part.value("ChecksumCRC32C")))
      }
      guard root.isTruncated else { return parts }
      // If a server does not say where the next page starts, it starts after the last part. A server whose marker does
      // not move would keep us here forever.
      let told = root.value("NextPartNumberMarker").flatMap { $0.isEmpty ? nil : $0 }
      guard let next = told ?? parts.last.map({ "\($0.number)" }), next != marker, parts.count <= 10_000 else {
        throw unreadable(call, response, cause: "the list of parts does not end")
      }
      marker = next
    }
  }

  /// All pending uploads whose key starts with `prefix`, at most 100 pages of 1,000.
  public func listMultipartUploads(prefix: String, in bucket: String) async throws -> [S3PendingUpload] {
    var uploads: [S3PendingUpload] = []
    var markers: [(name: String, value: String?)] = []
    for _ in 0..<100 {
      let call = S3Call(
        operation: "ListMultipartUploads", method: "GET", bucket: bucket,
        query: [("uploads", nil), ("prefix", prefix), ("max-uploads", "1000")] + markers)
      let (root, response) = try await document(
        call, roots: "ListMultipartUploadsResult", "ListMultipartUploadsResponse")
      for upload in root.all("Upload") {
        guard let key = upload.value("Key"), let id = upload.value("UploadId") else {
          throw unreadable(call, response, cause: "an upload without key or id")
        }
        uploads.append(S3PendingUpload(key: key, id: id, initiated: upload.value("Initiated")))
      }
      guard root.isTruncated else { return uploads }
      let told = { (name: String) in root.value(name).flatMap { $0.isEmpty ? nil : $0 } }
      markers = [
        ("key-marker", told("NextKeyMarker") ?? uploads.last?.key ?? ""),
        ("upload-id-marker", told("NextUploadIdMarker") ?? uploads.last?.id ?? ""),
      ]
    }
    throw ProviderError(
      provider: "s3", operation: "ListMultipartUploads", target: bucket, code: "TooManyUploads",
      message: "more than 100,000 pending uploads", delivery: .refused)
  }

  /// Assembles the parts. S3 answers 200 at once and decides later: an `Error` in the body is a failure; an empty or
  /// truncated body leaves the outcome unknown, and HeadObject shows it.
  public func completeMultipartUpload(
    _ uploadID: String, key: String, in bucket: String, parts: [S3Part], size: Int64, crc32c: CRC32C? = nil,
    onlyIfAbsent: Bool = false
  ) async throws -> S3CompletedUpload {
    let list = parts.sorted { $0.number < $1.number }.map { part in
      "<Part><PartNumber>\(part.number)</PartNumber>\(XMLWriter.element("ETag", part.etag))"
        + (part.crc32c.map { XMLWriter.element("ChecksumCRC32C", $0) } ?? "") + "</Part>"
    }
    var call = S3Call(
      operation: "CompleteMultipartUpload", method: "POST", bucket: bucket, key: key, query: [("uploadId", uploadID)],
      headers: [("Content-Type", "application/xml")], dispensable: [("x-amz-mp-object-size", String(size))],
      body: .bytes(XMLWriter.document("CompleteMultipartUpload", list.joined())),
      timeouts: HTTPTimeouts(total: .seconds(900), stall: .seconds(600)))
    if let crc32c {
      call.dispensable += [("x-amz-checksum-crc32c", crc32c.base64), ("x-amz-checksum-type", "FULL_OBJECT")]
    }
    if onlyIfAbsent { call.headers.append(("If-None-Match", "*")) }
    let (root, response) = try await completion(call)
    if AWSErrorAnswer.errorElement(root) != nil {
      throw AWSErrorAnswer(response, method: call.method).providerError(
        provider: "s3", operation: call.operation, target: call.target, response: response, now: clock())
    }
    return S3CompletedUpload(
      etag: root.value("ETag"), crc32c: root.value("ChecksumCRC32C"), checksumType: root.value("ChecksumType"))
  }

  /// Servers differ in the root of this answer; one with an ETag and no error describes an object.
  private func completion(_ call: S3Call) async throws -> (root: XMLElement, response: HTTPResponse) {
    let response = try await send(call.answeredWithDocument)
    let root: XMLElement
    do {
      root = try XMLReader.read(response.body)
    } catch {
      throw await notOurs(call, response, cause: "\(error.cause) at byte \(error.offset)")
    }
    guard
      AWSErrorAnswer.errorElement(root) != nil || root.value("ETag")?.isEmpty == false
        || root.name == "CompleteMultipartUploadResult"
    else { throw await notOurs(call, response, cause: "<\(response.redactor.redact(root.name).prefix(60))>") }
    await knowledge.answeredAsItself(by: response)
    return (root, response)
  }

  /// Aborts an upload and frees its parts. A part in flight may still arrive: repeat until the answer is 404
  /// NoSuchUpload.
  public func abortMultipartUpload(_ uploadID: String, key: String, in bucket: String) async throws {
    _ = try await send(
      S3Call(
        operation: "AbortMultipartUpload", method: "DELETE", bucket: bucket, key: key, query: [("uploadId", uploadID)]))
  }
}

extension XMLElement {
  /// Whether a list says that it continues, in upper or lower case.
  fileprivate var isTruncated: Bool { value("IsTruncated")?.lowercased() == "true" }
}
