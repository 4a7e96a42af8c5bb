/// The ports on 127.0.0.1 on which the stand-ins listen.
struct StandInsPorts: Codable, Sendable, Equatable {
  let control: Int
  let engines: [String: Int]
  let video: Int
  /// nil: there is no proxy to an S3 server.
  var s3: Int?
}
