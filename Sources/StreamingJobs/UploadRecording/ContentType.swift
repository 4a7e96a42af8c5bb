/// Media types by file extension, as registered by IANA, or else as commonly used by players and servers.
enum ContentType {
  /// The type of a file whose extension is unknown.
  static let unknown = "application/octet-stream"

  /// Each type with its extensions, in lower case.
  static let table: [(type: String, extensions: String)] = [
    // Video, including formats with other containers.
    ("video/mp4", "mp4 m4v mp4v cmfv ismv"),
    ("video/quicktime", "mov qt"),
    ("video/x-flv", "flv"),
    ("video/x-f4v", "f4v"),
    ("video/mp2t", "ts m2t m2ts mts"),
    ("video/x-matroska", "mkv mk3d"),
    ("video/webm", "webm"),
    ("video/x-msvideo", "avi"),
    ("video/x-ms-wmv", "wmv"),
    ("video/x-ms-asf", "asf"),
    ("video/mpeg", "mpg mpeg mpe m1v m2v"),
    ("video/x-ms-vob", "vob"),
    ("video/ogg", "ogv"),
    ("video/3gpp", "3gp 3gpp"),
    ("video/3gpp2", "3g2 3gpp2"),
    ("video/iso.segment", "m4s"),
    ("video/mj2", "mj2 mjp2"),
    ("video/h264", "h264 264"),
    ("video/h265", "h265 265 hevc"),
    ("video/dv", "dv"),
    ("application/mxf", "mxf"),
    ("application/gxf", "gxf"),
    ("application/vnd.rn-realmedia", "rm"),
    ("application/mp4", "cmft mp4s"),
    // Audio.
    ("audio/mpeg", "mp3 mp2 mpga"),
    ("audio/mp4", "m4a m4b mp4a cmfa isma"),
    ("audio/aac", "aac adts"),
    ("audio/wav", "wav"),
    ("audio/flac", "flac"),
    ("audio/ogg", "ogg oga opus spx"),
    ("audio/webm", "weba"),
    ("audio/x-ms-wma", "wma"),
    ("audio/x-aiff", "aif aiff aifc"),
    ("audio/x-caf", "caf"),
    ("audio/x-matroska", "mka"),
    ("audio/ac3", "ac3"),
    ("audio/eac3", "eac3 ec3"),
    ("audio/ac4", "ac4"),
    ("audio/amr", "amr"),
    ("audio/amr-wb", "awb"),
    ("audio/basic", "au snd"),
    ("audio/vnd.dts", "dts"),
    ("audio/vnd.dts.hd", "dtshd"),
    ("audio/midi", "mid midi"),
    ("audio/vnd.dolby.mlp", "mlp"),
    // Subtitles.
    ("text/vtt", "vtt webvtt"),
    ("application/x-subrip", "srt"),
    ("application/ttml+xml", "ttml dfxp itt"),
    ("text/x-ssa", "ssa ass"),
    ("application/x-sami", "sami"),
    ("application/smil+xml", "smi smil"),
    ("text/vnd.dvb.subtitle", "sub"),
    // Manifests and playlists.
    ("application/vnd.apple.mpegurl", "m3u8"),
    ("audio/x-mpegurl", "m3u"),
    ("application/dash+xml", "mpd"),
    ("application/vnd.ms-sstr+xml", "ism ismc"),
    ("application/f4m+xml", "f4m"),
    ("audio/x-scpls", "pls"),
    ("application/xspf+xml", "xspf"),
    ("video/vnd.mpegurl", "m4u mxu"),
    // Files that accompany them.
    ("application/json", "json"),
    ("application/xml", "xml"),
    ("text/plain", "txt"),
    ("image/jpeg", "jpg jpeg"),
    ("image/png", "png"),
    ("image/gif", "gif"),
    ("image/webp", "webp"),
  ]

  private static let types = Dictionary(
    table.flatMap { entry in entry.extensions.split(separator: " ").map { (String($0), entry.type) } }
  ) { first, _ in first }

  /// The media type of a file with this name.
  static func of(_ path: String) -> String {
    let name = path.split(separator: "/").last ?? ""
    guard let dot = name.lastIndex(of: ".") else { return unknown }
    return types[name[name.index(after: dot)...].lowercased()] ?? unknown
  }
}
