public import HTTPTransport

/// The options of a stored object.
public struct S3ObjectOptions: Sendable, Hashable {
  /// The media type.
  public var contentType: String?
  /// The value of `Cache-Control`.
  public var cacheControl: String?
  /// User metadata, sent as `x-amz-meta-NAME`.
  public var metadata: [String: String]
  /// A canned ACL such as `public-read`.
  public var acl: String?
  /// A storage class such as `STANDARD_IA`.
  public var storageClass: String?

  /// Creates options.
  public init(
    contentType: String? = nil, cacheControl: String? = nil, metadata: [String: String] = [:], acl: String? = nil,
    storageClass: String? = nil
  ) {
    self.contentType = contentType
    self.cacheControl = cacheControl
    self.metadata = metadata
    self.acl = acl
    self.storageClass = storageClass
  }

  var headers: [(name: String, value: String)] {
    // Without a type, curl would declare a POST to be a form.
    var headers = [(name: "Content-Type", value: contentType ?? "application/octet-stream")]
    if let cacheControl { headers.append(("Cache-Control", cacheControl)) }
    if let acl { headers.append(("x-amz-acl", acl)) }
    if let storageClass { headers.append(("x-amz-storage-class", storageClass)) }
    return headers + metadata.sorted { $0.key < $1.key }.map { ("x-amz-meta-\($0.key)", $0.value) }
  }
}

/// What the server returns about a stored object.
public struct S3ObjectHead: Sendable, Hashable {
  /// The size in bytes; nil if not returned.
  public var size: Int64?
  /// The entity tag as sent, usually in quotes.
  public var etag: String?
  /// The CRC-32C as sent; for a composite one, the text `base64-N`.
  public var crc32c: String?
  /// `FULL_OBJECT` or `COMPOSITE`, as the server returned it, whatever was requested.
  public var checksumType: String?
  /// Whether the entity tag is derived from the bytes' MD5: not if the object is encrypted with keys of KMS or of the
  /// customer.
  public var hasDigestTag: Bool
  /// User metadata, names in lower case.
  public var metadata: [String: String]
  /// The media type.
  public var contentType: String?

  init(_ response: HTTPResponse) {
    size = response.header("content-length").flatMap(Int64.init)
    etag = response.header("etag")
    crc32c = response.header("x-amz-checksum-crc32c")
    checksumType = response.header("x-amz-checksum-type")
    contentType = response.header("content-type")
    let encryption = response.header("x-amz-server-side-encryption")?.lowercased() ?? ""
    hasDigestTag =
      !encryption.hasPrefix("aws:kms") && response.header("x-amz-server-side-encryption-customer-algorithm") == nil
    let prefix = "x-amz-meta-"
    let own = response.headers.filter { $0.name.lowercased().hasPrefix(prefix) }
    metadata = Dictionary(own.map { ($0.name.lowercased().dropFirst(prefix.count).description, $0.value) }) { $1 }
  }
}

extension S3Client {
  /// Uploads are limited by the stall timeout, since their length is not bounded.
  static let uploadTimeouts = HTTPTimeouts(total: nil, stall: .seconds(60))

  /// Stores an object in one request; safe to repeat with the same bytes.
  /// - Parameter onlyIfAbsent: sends `If-None-Match: *`; for an existing object the answer is 412 PreconditionFailed.
  public func putObject(
    _ key: String, in bucket: String, body: HTTPRequestBody, crc32c: CRC32C? = nil,
    options: S3ObjectOptions = S3ObjectOptions(), onlyIfAbsent: Bool = false
  ) async throws -> S3ObjectHead {
    var headers = options.headers
    if onlyIfAbsent { headers.append(("If-None-Match", "*")) }
    let call = S3Call(
      operation: "PutObject", method: "PUT", bucket: bucket, key: key, headers: headers,
      dispensable: crc32c.map { [("x-amz-checksum-crc32c", $0.base64)] } ?? [], body: body,
      timeouts: Self.uploadTimeouts, actsOnce: true)
    let response = try await send(call)
    // Anyone could answer so: only a look at the object is certain.
    if !response.isOfS3, response.header("etag") == nil, try await headObject(key, in: bucket) == nil {
      let error = foreign(call, response, "and nothing of it is to be seen")
      AnswerJudgement.observer?(error)
      throw error
    }
    return S3ObjectHead(response)
  }

  /// The object under a key; nil if there is none. Without s3:ListBucket an absent key is 403 AccessDenied.
  public func headObject(_ key: String, in bucket: String) async throws -> S3ObjectHead? {
    do {
      let head = S3ObjectHead(
        try await send(
          S3Call(
            operation: "HeadObject", method: "HEAD", bucket: bucket, key: key,
            dispensable: [("x-amz-checksum-mode", "ENABLED")])))
      if head.crc32c != nil, let base = endpoint.ownBase { await conditions.rememberTeller(base) }
      return head
    } catch let error as ProviderError where error.status == 404 {
      return nil
    }
  }

  /// The CRC-32C of an object's bytes, read piece by piece; nil if the server does not return all of them that way.
  /// - Parameters:
  ///   - key: the object's key.
  ///   - bucket: its bucket.
  ///   - size: how many bytes it has.
  public func crc32c(ofBytes key: String, in bucket: String, size: Int64) async throws -> CRC32C? {
    var crc = CRC32C()
    var offset: Int64 = 0
    while offset < size {
      let length = min(Self.pieceToRead, size - offset)
      var call = S3Call(
        operation: "GetObject", method: "GET", bucket: bucket, key: key, limit: Int(Self.pieceToRead))
      if length < size { call.headers.append(("Range", "bytes=\(offset)-\(offset + length - 1)")) }
      let response: HTTPResponse
      do {
        response = try await send(call)
      } catch let error as ProviderError where error.isNoWholeObject {
        return nil
      }
      guard Int64(response.body.count) == length else { return nil }
      response.body.withUnsafeBytes { crc.update($0) }
      offset += length
    }
    return crc
  }

  private static let pieceToRead: Int64 = 8 << 20

  /// Reads an object of at most `limit` bytes into memory.
  public func getObject(_ key: String, in bucket: String, limit: Int) async throws -> [UInt8] {
    try await send(S3Call(operation: "GetObject", method: "GET", bucket: bucket, key: key, limit: limit)).body
  }
}

extension ProviderError {
  /// Whether a server returns no object, or all of it where a piece was requested.
  fileprivate var isNoWholeObject: Bool {
    guard isFromProvider, delivery == .refused else { return false }
    if code == "response-too-large" { return true }
    return [400, 403, 404, 405, 416, 501].contains(status ?? 0) && code.map(AWSErrorAnswer.refusesIdentity) != true
  }
}
