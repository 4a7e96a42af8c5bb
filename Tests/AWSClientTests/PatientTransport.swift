import HTTPTransport

/// A way to a server that has other tests to serve: it waits a minute where the client would wait two seconds for an
/// address of the machine's own.
struct PatientTransport: HTTPTransport {
  let base: any HTTPTransport

  func send(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse {
    var patient = request
    patient.timeouts = HTTPTimeouts(connect: .seconds(60), total: .seconds(60), stall: .seconds(60))
    return try await base.send(patient)
  }
}
