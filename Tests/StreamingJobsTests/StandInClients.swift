import AWSClient
import HTTPTransport
import JobQueue
import JobQueueTestKit
import Secrets
import StreamingJobs
import WowzaEngineClient
import WowzaVideoClient

@testable import rundown_standins

/// Clients of the stand-ins: `fra1` is an engine, `main` the Wowza Video account, `push` the key pair to push with.
struct StandInClients: ClientDirectory {
  let ports: StandInsPorts
  let transport: any HTTPTransport
  let clock: VirtualClock
  let version: String

  func engine(_ name: String) async throws -> WowzaEngineClient {
    guard let port = ports.engines[name] else {
      throw MissingConnection(kind: .engine, name: name, known: Array(ports.engines.keys))
    }
    return WowzaEngineClient(
      transport: transport, baseURL: "http://127.0.0.1:\(port)",
      credentials: { WowzaEngineCredentials(user: Secret("wse"), password: Secret("wse-secret")) },
      authentication: .basic)
  }

  func s3(_ name: String, region: String?) async throws -> S3Client {
    throw MissingConnection(kind: .aws, name: name, known: [])
  }

  func wowzaVideo(_ name: String) async throws -> WowzaVideoClient {
    guard name == "main", let version = WowzaVideoVersion(version) else {
      throw MissingConnection(kind: .wowzaVideo, name: name, known: ["main"])
    }
    return WowzaVideoClient(
      baseURL: "http://127.0.0.1:\(ports.video)", version: version,
      credentials: { .bearer(Secret("standin-token")) }, transport: transport,
      now: { [clock] in clock.now().milliseconds / 1000 })
  }

  func pushKey(_ name: String) async throws -> PushKey {
    guard name == "push" else { throw MissingConnection(kind: .pushCredential, name: name, known: ["push"]) }
    return PushKey(accessKeyID: "AKIDEXAMPLE", secretAccessKey: Secret(WowzaDesk.pushSecret))
  }
}
