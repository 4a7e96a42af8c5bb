/// Media types by file extension.
enum ContentType {
  private static let types = [
    "mp4": "video/mp4", "m4v": "video/mp4", "mov": "video/quicktime", "flv": "video/x-flv", "ts": "video/mp2t",
    "mkv": "video/x-matroska", "webm": "video/webm", "avi": "video/x-msvideo", "mpd": "application/dash+xml",
    "m3u8": "application/vnd.apple.mpegurl", "mp3": "audio/mpeg", "m4a": "audio/mp4", "aac": "audio/aac",
    "wav": "audio/wav", "vtt": "text/vtt", "srt": "application/x-subrip", "json": "application/json",
    "jpg": "image/jpeg", "png": "image/png",
  ]

  /// The media type of a file of this name.
  static func of(_ path: String) -> String {
    let name = path.split(separator: "/").last ?? ""
    guard let dot = name.lastIndex(of: ".") else { return "application/octet-stream" }
    return types[name[name.index(after: dot)...].lowercased()] ?? "application/octet-stream"
  }
}
