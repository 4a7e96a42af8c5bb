import HTTPTransport
import Secrets

/// A sub-resource of a bucket that a self-hosted server does not know.
public struct S3UnsupportedSubresource: Error, Sendable, Hashable, CustomStringConvertible {
  /// `cors`, `policy` and so on.
  public var name: String
  /// What the server answered instead, such as `501 NotImplemented`.
  public var answer: String

  /// One line for people.
  public var description: String { "this server does not support ?\(name) (it answered \(answer))" }
}

extension S3Client {
  /// Reads a setting of a bucket; nil if it was never set. Ceph 16 gives a document another root than S3 does, so its
  /// content decides.
  ///
  /// Self-hosted servers have many ways to say that they do not know a setting, and some carry out the plain call on
  /// the bucket instead: they list its objects. So nothing is written before this was read.
  /// - Parameter content: an element that only this setting's document has, below its root.
  /// - Throws: ``S3UnsupportedSubresource``, for self-hosted servers only.
  func setting(_ call: S3Call, root name: String, content: String) async throws -> (
    root: XMLElement, response: HTTPResponse
  )? {
    guard let response = try await settingAnswer(call.answeredWithDocument) else { return nil }
    // A setting written there could never be read back.
    if response.body.isEmpty { throw await answerToAnother("nothing", call, response) }
    let root: XMLElement
    do {
      root = try XMLReader.read(response.body)
    } catch {
      throw await notOurs(call, response, cause: "\(error.cause) at byte \(error.offset)")
    }
    guard root.name == name || endpoint.ownBase != nil && root.child(content) != nil else {
      throw await answerToAnother("<\(root.name)>", call, response)
    }
    await knowledge.answeredAsItself(by: response)
    return (root, response)
  }

  /// The answer to a read of a setting; nil if it was never set.
  func settingAnswer(_ call: S3Call) async throws -> HTTPResponse? {
    do {
      let response = try await send(call)
      // Garage answers so if it was never set; so may a captive portal.
      guard endpoint.ownBase != nil, response.status == 204 else { return response }
      guard await isItself(call, response) else { throw await notOurs(call, response, cause: "no document") }
      return nil
    } catch let error as ProviderError where error.status == 404 && error.code.map(Self.unsetCodes.contains) == true {
      return nil
    } catch let error as ProviderError where endpoint.ownBase != nil && error.meansUnknownSubresource {
      throw S3UnsupportedSubresource(
        name: call.subresource ?? "", answer: "\(error.status ?? 0) \(error.code ?? "")")
    }
  }

  /// The error of an answer with another root: if it is the server's own, the server does not know the call; a page
  /// comes from something in between.
  func answerToAnother(_ document: String, _ call: S3Call, _ response: HTTPResponse) async -> any Error {
    let shown = String(response.redactor.redact(document).prefix(60))
    guard endpoint.ownBase != nil, document.lowercased() != "<html>", await isItself(call, response) else {
      return await notOurs(call, response, cause: shown)
    }
    return S3UnsupportedSubresource(name: call.subresource ?? "", answer: "\(response.status) \(shown)")
  }

  /// S3's codes for a setting that was never set.
  private static let unsetCodes: Set = [
    "NoSuchCORSConfiguration", "NoSuchLifecycleConfiguration", "NoSuchBucketPolicy", "NoSuchTagSet",
    "OwnershipControlsNotFoundError", "NoSuchPublicAccessBlockConfiguration",
  ]
}

extension ProviderError {
  /// Whether the answer to a read of a setting says that the server does not know it.
  fileprivate var meansUnknownSubresource: Bool {
    // A page may come from a gateway, which knows nothing about the server.
    guard isFromProvider else { return false }
    return switch status {
    case 405, 501: true
    case 404: code != "NoSuchBucket"
    case 400: code.map(Self.otherReasons.contains) != true
    default: false
    }
  }

  /// Codes of a 400 that do not depend on what was requested: they are about the caller, the place and the time.
  private static let otherReasons: Set = [
    "AuthorizationHeaderMalformed", "ExpiredToken", "ExpiredTokenException", "IllegalLocationConstraint",
    "IllegalLocationConstraintException", "InvalidAccessKeyId", "InvalidBucketName", "InvalidToken",
    "RequestTimeTooSkewed", "RequestTimeout", "RequestTimeoutException", "Throttling", "ThrottlingException",
    "TokenRefreshRequired",
  ]
}
