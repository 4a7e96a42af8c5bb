import FoundationEssentials

/// Speaks TLS on 127.0.0.1, with a certificate that only its own file vouches for, and passes what it hears on to a server
/// that does not. Needs the commands `python3` and `openssl`.
public struct TLSFront: Sendable {
  /// `https://127.0.0.1:PORT`.
  public let url: String
  /// The authority of its certificate.
  public let authorityFile: String
  private let process: ServerProcess

  /// Starts one.
  /// - Parameter port: where the server listens.
  /// - Throws: ``TestServerError``.
  public static func start(before port: UInt16) async throws -> TLSFront {
    var folder = ""
    let process = try ServerProcess.start(program: "python3", arguments: ["-c", script, "\(port)"]) { directory in
      folder = directory
      return ["PATH=/usr/bin:/bin", "DIRECTORY=\(directory)"]
    }
    // It makes its certificate first; however busy the machine is, it listens or it ends.
    while !process.hasEnded() {
      if let told = try? String(contentsOfFile: "\(folder)/port", encoding: .utf8) {
        return TLSFront(url: "https://127.0.0.1:\(told)", authorityFile: "\(folder)/ca.pem", process: process)
      }
      try await Task.sleep(for: .milliseconds(20))
    }
    let log = process.logTail()
    process.stop()
    throw TestServerError("no TLS: \(log)")
  }

  /// Ends it.
  public func stop() { process.stop() }

  private static let script = """
    import asyncio, os, ssl, subprocess, sys

    folder = os.environ["DIRECTORY"]
    subprocess.run(
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=Test -addext".split()
        + ["subjectAltName=IP:127.0.0.1", "-keyout", folder + "/key.pem", "-out", folder + "/ca.pem"], check=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder + "/ca.pem", folder + "/key.pem")

    async def pump(reader, writer):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()

    async def serve(reader, writer):
        from_server, to_server = await asyncio.open_connection("127.0.0.1", int(sys.argv[1]))
        up = asyncio.create_task(pump(reader, to_server))
        try:
            await pump(from_server, writer)
        finally:
            up.cancel()
            writer.close()
            to_server.close()

    async def main():
        server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
        with open(folder + "/port.new", "w") as file:
            file.write(str(server.sockets[0].getsockname()[1]))
        os.rename(folder + "/port.new", folder + "/port")
        await server.serve_forever()

    asyncio.run(main())
    """
}
