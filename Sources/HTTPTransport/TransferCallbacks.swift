import CCurl
import Glibc

/// The functions that libcurl calls back, on the thread that drives the multi handle. The context is the transfer,
/// unretained: the loop holds it until libcurl has released it.
enum TransferCallbacks {
  /// Tells libcurl that bytes were not taken: any number but theirs would do, and theirs is never 0.
  private static let notTaken = 0

  /// Registers all of them.
  static func register(_ transfer: Transfer, with easy: UnsafeMutableRawPointer) -> CURLcode {
    let context = Unmanaged.passUnretained(transfer).toOpaque()
    _ = ccurl_set_write(easy, takeBody, context)
    _ = ccurl_set_header(easy, takeHeadLine, context)
    _ = ccurl_set_read(easy, fill, context)
    _ = ccurl_set_seek(easy, seek, context)
    // The only one that an old libcurl may lack (before 7.80).
    return ccurl_set_prereq(easy, mayDepart, context)
  }

  private static func transfer(_ context: UnsafeMutableRawPointer?) -> Transfer? {
    context.map { Unmanaged<Transfer>.fromOpaque($0).takeUnretainedValue() }
  }

  private static let takeBody: ccurl_bytes_callback = { bytes, size, count, context in
    let length = size * count
    let isTaken = transfer(context)?.take(body: UnsafeRawBufferPointer(start: bytes, count: length)) ?? false
    return isTaken ? length : notTaken
  }

  private static let takeHeadLine: ccurl_bytes_callback = { bytes, size, count, context in
    let length = size * count
    let isTaken = transfer(context)?.take(headLine: UnsafeRawBufferPointer(start: bytes, count: length)) ?? false
    return isTaken ? length : notTaken
  }

  private static let fill: ccurl_bytes_callback = { buffer, size, count, context in
    transfer(context)?.fill(UnsafeMutableRawBufferPointer(start: buffer, count: size * count))
      ?? Int(CURL_READFUNC_ABORT)
  }

  /// Rewinds after a challenge, a refused `Expect` or a dead connection.
  private static let seek: ccurl_seek_callback = { context, offset, origin in
    guard origin == SEEK_SET, let upload = transfer(context)?.upload, upload.seek(to: Int64(offset)) else {
      return CURL_SEEKFUNC_CANTSEEK
    }
    return CURL_SEEKFUNC_OK
  }

  private static let mayDepart: ccurl_prereq_callback = { context, _, _, _, _ in
    guard let transfer = transfer(context), let easy = transfer.easy else { return CURL_PREREQFUNC_ABORT }
    let size = ccurl_get_long(easy, CURLINFO_REQUEST_SIZE)
    return transfer.mayDepart(requestSize: size) ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
  }
}
