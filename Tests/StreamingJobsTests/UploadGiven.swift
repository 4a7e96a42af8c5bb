import AWSClient
import HTTPTransport
import JobQueue
import JobQueueTestKit
import StreamingJobs
import TestServers
import Testing

/// A recording to be uploaded to a server in memory, which is asked directly or over a socket.
struct UploadGiven {
  static let key = "2026/match.mp4"
  static let mebibyte: Int64 = 1 << 20

  let storage: StorageGiven
  let server: UploadServer
  /// Listens as long as this is held.
  private let socket: SocketServer?
  let file: UploadRecordingFile
  let size: Int64
  var parameters: UploadRecording

  /// - Parameters:
  ///   - overSocket: whether the server is one of one's own, so that nothing is asked of it that only AWS knows. It is
  ///     asked over a socket.
  ///   - serverAhead: by how much its clock is ahead of the worker's.
  init(
    size: Int64, suffix: String = ".mp4", checksums: UploadServer.Checksums = .fullObject, overSocket: Bool = false,
    conditions: UploadServer.Conditions = .heeded, serverAhead: Duration = .zero,
    onExisting: UploadRecording.OnExisting? = nil,
    manner: UploadServer.Manner = UploadServer.Manner()
  ) throws {
    let clock = VirtualClock()
    let server = UploadServer(
      clock: clock, checksums: checksums, conditions: conditions, ahead: serverAhead, manner: manner)
    let socket = overSocket ? try Self.socket(server) : nil
    try self.init(
      size, suffix, server, socket, clock, own: socket?.url,
      transport: overSocket ? CurlTransport(configuration: .init(proxy: .none)) : server, onExisting)
  }

  /// Runs `body` with a server that is asked over TLS.
  static func overTLS(
    size: Int64, checksums: UploadServer.Checksums, manner: UploadServer.Manner,
    body: (UploadGiven) async throws -> Void
  ) async throws {
    let clock = VirtualClock()
    let server = UploadServer(clock: clock, checksums: checksums, manner: manner)
    let socket = try socket(server)
    let front = try await TLSFront.start(before: socket.port)
    defer { front.stop() }
    let transport = CurlTransport(
      configuration: .init(certificateAuthorityFile: front.authorityFile, proxy: .none))
    try await body(try UploadGiven(size, ".mp4", server, socket, clock, own: front.url, transport: transport, nil))
  }

  private init(
    _ size: Int64, _ suffix: String, _ server: UploadServer, _ socket: SocketServer?, _ clock: VirtualClock,
    own: String?, transport: any HTTPTransport, _ onExisting: UploadRecording.OnExisting?
  ) throws {
    self.size = size
    self.server = server
    self.socket = socket
    storage = StorageGiven(
      transport: transport, clock: clock,
      endpoint: { region in
        own.map { .own($0, region: region ?? "us-east-1") } ?? .aws(region: region ?? "eu-central-1")
      })
    file = try UploadRecordingFile(size: size, suffix: suffix)
    // Smaller parts than a person may ask for: the same steps with fewer bytes. One at a time, so that it is known
    // which ones are finished when something happens.
    parameters = UploadRecording(
      connection: "media", file: file.path, bucket: "vod", key: Self.key, partSize: 4, parallelParts: 1,
      onExisting: onExisting)
  }

  /// 16 MiB and a bit: five parts.
  static func large(
    checksums: UploadServer.Checksums = .fullObject, overSocket: Bool = false,
    conditions: UploadServer.Conditions = .heeded, serverAhead: Duration = .zero,
    onExisting: UploadRecording.OnExisting? = nil
  ) throws -> UploadGiven {
    try UploadGiven(
      size: 16 * mebibyte + 9, checksums: checksums, overSocket: overSocket, conditions: conditions,
      serverAhead: serverAhead, onExisting: onExisting)
  }

  static let largeParts = 5

  private static func socket(_ server: UploadServer) throws -> SocketServer {
    try SocketServer { request in
      let call = HTTPRequest(
        method: request.method, url: "http://storage.test\(request.target)",
        headers: request.headers.map { HTTPHeader($0.name, $0.value) }, body: .bytes(request.body))
      guard let answer = try? await server.send(call) else { return nil }
      return SocketServer.Answer(answer.status, headers: answer.headers, body: answer.body)
    }
  }

  /// Exactly this take is stored, and nothing unfinished is left behind.
  func expectStored(
    take: String = "take-1", size: Int64? = nil, sourceLocation: SourceLocation = #_sourceLocation
  ) async {
    let size = size ?? self.size
    let objects = await server.objects
    #expect(objects.keys.sorted() == [Self.key], sourceLocation: sourceLocation)
    #expect(
      objects[Self.key]?.stamps == UploadRecordingFile.stamps(take: take, size: size), sourceLocation: sourceLocation)
    #expect(await server.uploads.isEmpty, sourceLocation: sourceLocation)
  }
}
