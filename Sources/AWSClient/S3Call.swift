import HTTPTransport

/// One call of the S3 API before it is addressed and signed.
struct S3Call {
  var operation: String
  var method: String
  var bucket: String
  var key: String?
  /// Name and value; `nil` for a sub-resource without one.
  var query: [(name: String, value: String?)] = []
  var headers: [(name: String, value: String)] = []
  /// Headers that the call can do without, most of them about checksums: omitted for servers that do not know them.
  var dispensable: [(name: String, value: String)] = []
  var body: HTTPRequestBody = .none
  var limit = 8 << 20
  var timeouts = HTTPTimeouts()
  /// Whether a success contains an S3 document, which shows its reader who answered.
  var answersWithDocument = false
  /// Whether carrying it out a second time would do harm.
  var actsOnce = false
  /// The call's own region instead of the bucket's: for CreateBucket, where there is no bucket yet.
  var fixedRegion: String?

  var target: String { key.map { "\(bucket)/\($0)" } ?? bucket }
  /// The sub-resource of the bucket or object, such as `cors`; nothing that a user entered.
  var subresource: String? { query.first { $0.value == nil }?.name }
  var isAboutChecksums: Bool { dispensable.contains { $0.name.hasPrefix("x-amz-checksum-") } }
  var isHead: Bool { method == "HEAD" }
  var isRead: Bool { isHead || method == "GET" }

  /// The same call, with an answer that is read as a document.
  var answeredWithDocument: S3Call {
    var call = self
    call.answersWithDocument = true
    return call
  }

  /// Reads a sub-resource of the bucket.
  static func get(_ operation: String, _ bucket: String, _ subresource: String) -> S3Call {
    S3Call(operation: operation, method: "GET", bucket: bucket, query: [(subresource, nil)])
  }

  /// Replaces a sub-resource of the bucket; `Content-MD5` is the checksum that every S3-compatible server knows.
  static func put(
    _ operation: String, _ bucket: String, _ subresource: String, _ bytes: [UInt8], type: String = "application/xml"
  ) -> S3Call {
    S3Call(
      operation: operation, method: "PUT", bucket: bucket, query: [(subresource, nil)],
      headers: [("Content-Type", type), ("Content-MD5", Digests.contentMD5(bytes))], body: .bytes(bytes))
  }

  func url(endpoint: S3Endpoint, region: String) -> String {
    let base = endpoint.url(bucket: bucket, key: key, region: region, pathStyle: fixedRegion != nil)
    guard !query.isEmpty else { return base }
    let pairs = query.map { pair in
      pair.value.map { "\(PercentEncoding.encode(pair.name))=\(PercentEncoding.encode($0))" }
        ?? PercentEncoding.encode(pair.name)
    }
    return base + "?" + pairs.joined(separator: "&")
  }

  /// The payload hash: over TLS a checksum in the headers guards the body, so the body is not read twice.
  func payloadHash(isSecure: Bool) async throws -> String {
    let isChecked = headers.contains {
      $0.name.lowercased().hasPrefix("x-amz-checksum-crc") || $0.name.lowercased() == "content-md5"
    }
    switch body {
    case .none: return Digests.emptySHA256
    case _ where isSecure && isChecked: return "UNSIGNED-PAYLOAD"
    case .bytes(let bytes): return Digests.sha256Hex(bytes)
    case .file(let path, let offset, let length, let expected):
      return try await FileDigest.sha256Hex(path: path, offset: offset, length: length, expected: expected)
    }
  }
}
