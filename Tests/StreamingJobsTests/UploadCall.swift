import FoundationEssentials
import HTTPTransport
import JobQueue

@testable import AWSClient

/// A request as S3 understands it.
struct UploadCall: Sendable {
  let operation: String
  let method: String
  let key: String
  let query: [String: String]
  let headers: [String: String]
  let body: HTTPRequestBody

  init(_ request: HTTPRequest) {
    let halves = request.url.split(separator: "?", maxSplits: 1)
    var segments = halves[0].split(separator: "/", omittingEmptySubsequences: true).dropFirst(2).map(String.init)
    // An own server is addressed by path.
    if !request.url.contains("amazonaws.com") { segments.removeFirst() }
    key = segments.joined(separator: "/")
    let pairs = (halves.count > 1 ? halves[1] : "").split(separator: "&").map { pair in
      let sides = pair.split(separator: "=", maxSplits: 1).map(String.init)
      return (sides[0], sides.count > 1 ? sides[1].replacing("%2F", with: "/") : "")
    }
    query = Dictionary(pairs) { $1 }
    let fields: [(String, String)] = request.headers.compactMap { field in
      guard case .plain(let text) = field.value else { return nil }
      return (field.name.lowercased(), text)
    }
    headers = Dictionary(fields) { $1 }
    body = request.body
    method = request.method
    operation = Self.operation(request.method, query, hasKey: !key.isEmpty)
  }

  private static func operation(_ method: String, _ query: [String: String], hasKey: Bool) -> String {
    let isUpload = query["uploadId"] != nil
    switch method {
    case "HEAD": return hasKey ? "HeadObject" : "HeadBucket"
    case "PUT": return isUpload ? "UploadPart" : "PutObject"
    case "POST": return isUpload ? "CompleteMultipartUpload" : "CreateMultipartUpload"
    case "DELETE": return isUpload ? "AbortMultipartUpload" : "DeleteObject"
    default: return isUpload ? "ListParts" : query["uploads"] != nil ? "ListMultipartUploads" : "GetObject"
    }
  }

  var isOnlyIfAbsent: Bool { headers["if-none-match"] == "*" }

  var bodyText: String {
    if case .bytes(let bytes) = body {
      String(decoding: bytes, as: UTF8.self).replacing("&quot;", with: "\"")
    } else {
      ""
    }
  }

  /// Whether anything of it is about checksums.
  var namesChecksums: Bool { headers.keys.contains { $0.hasPrefix("x-amz-checksum-") } }

  /// Whether it was signed at this time, or so little before or after that it does not matter.
  func isSigned(at time: Timestamp, within tolerance: Duration) -> Bool {
    let stamp = { (time: Timestamp) in Self.moment(time).filter { !"-:".contains($0) } }
    guard let told = headers["x-amz-date"] else { return false }
    return stamp(time - tolerance) <= told && told <= stamp(time + tolerance)
  }

  /// What a body brings; nil when there is none or it has no checksum; `isChecksumOptional` takes one without. An MD5
  /// needs bytes, as they come over a socket.
  func piece(isChecksumOptional: Bool, withMD5: Bool) -> UploadServer.Piece? {
    let told = headers["x-amz-checksum-crc32c"].flatMap(CRC32C.init(base64:))
    guard isChecksumOptional || told != nil else { return nil }
    switch body {
    case .none: return nil
    case .file(let path, let offset, let length, _):
      return UploadServer.Piece(
        stamps: UploadRecordingFile.stamps(path: path, offset: offset, length: length), crc: told ?? CRC32C(),
        length: length)
    case .bytes(let bytes):
      let md5 = withMD5 ? Data(base64Encoded: Digests.contentMD5(bytes)).map { Array($0) } : nil
      return UploadServer.Piece(
        stamps: UploadRecordingFile.stamps(in: bytes), crc: told ?? CRC32C(bytes), length: Int64(bytes.count), md5: md5)
    }
  }

  /// What an object keeps of the request that made it.
  var storedHeaders: [String: String] {
    headers.filter { ["content-type", "cache-control"].contains($0.key) || $0.key.hasPrefix("x-amz-meta-") }
  }

  static func xml(_ root: String, _ content: String) -> HTTPResponse {
    HTTPResponse(status: 200, headers: [], body: Array("<\(root)>\(content)</\(root)>".utf8))
  }

  static func error(_ status: Int, _ code: String, _ message: String = "no") -> HTTPResponse {
    HTTPResponse(
      status: status, headers: [("x-amz-request-id", "r1")],
      body: Array("<Error><Code>\(code)</Code><Message>\(message)</Message></Error>".utf8))
  }

  /// As servers write it in `Date`; readers pass over the day of the week.
  static func httpDate(_ time: Timestamp) -> String {
    let words = moment(time).split { "-TZ".contains($0) }
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    return "Day, \(words[2]) \(months[(Int(words[1]) ?? 1) - 1]) \(words[0]) \(words[3]) GMT"
  }

  static func moment(_ time: Timestamp) -> String {
    Date(timeIntervalSince1970: Double(time.milliseconds) / 1000).formatted(.iso8601)
  }
}
