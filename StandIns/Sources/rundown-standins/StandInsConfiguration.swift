/// What the stand-ins contain and how they behave at the start.
struct StandInsConfiguration: Sendable {
  /// Port of the control API; 0 picks a free one, here and below.
  var controlPort = 0
  /// Ports of the engines by name.
  var engines: [String: Int] = ["fra1": 0]
  var videoPort = 0
  /// The S3 server behind the proxy; nil for no proxy.
  var s3Upstream: S3Upstream?
  var s3Port = 0
  /// Applications that every engine knows.
  var applications = ["live", "live2"]
  var engineAccount = EngineAccount()
  var engineSettings = EngineSettings()
  var videoAccount = VideoAccount()
  var videoSettings = VideoSettings()
  var time = StandInTime.wall
  /// The same seed gives the same ids, nonces and key orders.
  var seed: UInt64 = 1
}
