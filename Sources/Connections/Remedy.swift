import AWSClient
import HTTPTransport
import JobQueue
import Secrets

/// What an operator can do about the errors that `doctor` found at a connection.
struct Remedy {
  /// The configuration key of the address, with the connection's place: `connections.engines.fra1.url`.
  let key: String
  /// The address; nil if the provider's own is used.
  let address: String?
  /// Sends a request without credentials; any answer is accepted.
  let ask: (String) async throws(HTTPTransportError) -> Void

  /// The remedy for an error, in words.
  func words(for error: ProviderError) async -> String {
    if let scheme = await otherScheme(for: error) { return scheme }
    if let hint = error.hint { return hint }
    switch error.code {
    case "connect"?: return "start the server, or correct host and port in \(key)"
    case "connect-timeout"?: return "correct \(key), or check what drops packets on the way: firewall, routing, VPN"
    case "name-resolution"?: return "correct the host in \(key), or check this machine's DNS"
    case "tls"?: return tls(error.message)
    case "timeout"?, "stalled"?: return "find out why the host answers so slowly, or correct \(key)"
    case "connection-lost"?, "protocol-violation"?: return "correct the port in \(key), or look for a proxy in between"
    default: break
    }
    switch error.status {
    case 401?: return "correct this connection's credentials"
    case 403?: return "give these credentials the permissions that jobs need, or correct them"
    case 404?: return "correct \(key): this API does not exist at this address"
    case let status? where status >= 500:
      return "check the provider; the configuration looks fine"
    default:
      return "correct \(key); for more: rundown explain \(error.code ?? error.status.map { "\($0)" } ?? "unknown")"
    }
  }

  /// The remedy for any other error, and its description without the remedy.
  func split(_ error: any Error) async -> (words: String, fix: String) {
    switch error {
    case var error as ProviderError:
      let fix = await words(for: error)
      // Shown as the remedy, so it is not repeated.
      error.hint = nil
      return (error.description, fix)
    case let error as AWSCredentialError: return (error.cause, error.hint)
    case let error as SecretError: return ("secret \(error.reference): \(error.cause)", error.hint)
    case let verdict as Verdict: return told(verdict)
    default: return ("\(error)", "correct \(key); for more: rundown explain unexpected")
    }
  }

  /// Based on how a job with this error would end.
  private func told(_ verdict: Verdict) -> (words: String, fix: String) {
    switch verdict {
    case .dead(let failure), .retry(let failure, _), .suspectOutage(let failure, _):
      (failure.message, failure.hint ?? "correct \(key)")
    case .hold(let why), .cancel(let why), .snooze(_, let why): (why, "correct what the message names")
    case .closeGate, .waitForBudget: ("it cannot be used for now", "try again later")
    }
  }

  private func tls(_ cause: String) -> String {
    let cause = cause.lowercased()
    if cause.contains("certificate") || cause.contains("self-signed") || cause.contains("issuer") {
      return "set caFile: FILE.pem to its certificate authority, or use the host name in the certificate"
    }
    return "make sure that this port speaks TLS 1.2 or newer, or correct \(key)"
  }

  // MARK: http and https

  private static let schemes = ["https": "http", "http": "https"]
  /// The errors that an address with the wrong scheme can cause.
  private static let mistaken = ["tls", "connect-timeout", "connection-lost", "protocol-violation"]
  /// The errors that only an https address can cause: a server that does not speak TLS may let the handshake wait.
  private static let ofTLS = ["tls", "connect-timeout"]

  /// Whether the same port speaks the other scheme; the request carries no credentials.
  private func otherScheme(for error: ProviderError) async -> String? {
    guard let address, let colon = address.firstRange(of: "://"), let code = error.code,
      let other = Self.schemes[String(address[..<colon.lowerBound])], other == "http" || !Self.ofTLS.contains(code)
    else { return nil }
    // Many servers answer a request without TLS with a page of their own.
    let isRefusedPage = code == ProviderError.foreignAnswer && error.message.contains("answered 400")
    guard isRefusedPage || Self.mistaken.contains(code) else { return nil }
    do {
      try await ask("\(other)\(address[colon.lowerBound...])")
    } catch {
      // An unknown certificate counts as a yes: there is TLS.
      guard other == "https", error.code == .tls, error.cause.lowercased().contains("certificate") else { return nil }
    }
    return "this port speaks \(other.uppercased()): write \(other)://\(address[colon.upperBound...])"
  }
}
