import HTTPTransport
import TestServers

/// The real transport to stand-ins that follow a test's clock: before each request they hear what it shows.
struct TimedTransport: HTTPTransport {
  let standIns: StandIns
  private let transport = CurlTransport(configuration: CurlTransport.Configuration(proxy: .none))

  init(standIns: StandIns) {
    self.standIns = standIns
  }

  func send(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse {
    do {
      try await standIns.sendTime()
    } catch {
      // Not their time alone is missing then: the request says what.
    }
    return try await transport.send(request)
  }

  func shutdown() { transport.shutdown() }
}
