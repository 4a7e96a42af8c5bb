import HTTPTransport

/// Who owns the objects of a bucket, and whether ACLs count.
public enum S3ObjectOwnership: String, Sendable, Hashable {
  /// ACLs are off: the default of new buckets.
  case bucketOwnerEnforced = "BucketOwnerEnforced"
  /// ACLs count; objects written with `bucket-owner-full-control` are the bucket owner's.
  case bucketOwnerPreferred = "BucketOwnerPreferred"
  /// ACLs count; objects are their writer's.
  case objectWriter = "ObjectWriter"
}

extension S3Client {
  /// Whether the bucket exists and these credentials may list it; nil if there is none. Includes its region if the
  /// server names it.
  public func headBucket(_ bucket: String) async throws -> S3BucketHead? {
    do {
      let response = try await send(S3Call(operation: "HeadBucket", method: "HEAD", bucket: bucket))
      return S3BucketHead(region: response.header("x-amz-bucket-region").flatMap { $0.isEmpty ? nil : $0 })
    } catch let error as ProviderError where error.status == 404 {
      return nil
    }
  }

  /// Creates a bucket. In us-east-1 a repeat resets the bucket's ACLs: call ``headBucket(_:)`` first.
  ///
  /// Servers other than AWS have their own names for locations, or none: if one refuses ours, and so did nothing, the
  /// bucket is requested again without a location.
  public func createBucket(_ bucket: String, region: String, ownership: S3ObjectOwnership? = nil) async throws {
    // A look at the bucket may have shown which region a self-hosted server expects.
    let told = endpoint.ownBase == nil ? nil : await knowledge.region(of: bucket)
    let signed = told ?? region
    var call = S3Call(operation: "CreateBucket", method: "PUT", bucket: bucket, fixedRegion: signed)
    // It can be set afterwards as well.
    if let ownership { call.dispensable.append(("x-amz-object-ownership", ownership.rawValue)) }
    // us-east-1 is not a value of LocationConstraint: naming it is refused.
    if region == "us-east-1" {
      _ = try await send(call)
    } else {
      var located = call
      located.headers.append(("Content-Type", "application/xml"))
      located.body = .bytes(
        XMLWriter.document("CreateBucketConfiguration", XMLWriter.element("LocationConstraint", region)))
      do {
        _ = try await send(located)
      } catch let error as ProviderError where endpoint.ownBase != nil && error.isUnknownLocation {
        _ = try await send(call)
      }
    }
    await knowledge.remember(region: signed, of: bucket)
  }

  /// The bucket's object ownership; nil when unset.
  public func ownershipControls(_ bucket: String) async throws -> S3ObjectOwnership? {
    let call = S3Call.get("GetBucketOwnershipControls", bucket, "ownershipControls")
    let root = try await setting(call, root: "OwnershipControls", content: "Rule")?.root
    return root?.child("Rule")?.value("ObjectOwnership").flatMap(S3ObjectOwnership.init(rawValue:))
  }

  /// Sets the bucket's object ownership.
  public func putOwnershipControls(_ bucket: String, _ ownership: S3ObjectOwnership) async throws {
    let rule = "<Rule>\(XMLWriter.element("ObjectOwnership", ownership.rawValue))</Rule>"
    _ = try await send(
      .put(
        "PutBucketOwnershipControls", bucket, "ownershipControls", XMLWriter.document("OwnershipControls", rule)))
  }

  /// The bucket's own part of Block Public Access; nil if unset. S3 does not show the account's part.
  public func publicAccessBlock(_ bucket: String) async throws -> S3PublicAccessBlock? {
    let call = S3Call.get("GetPublicAccessBlock", bucket, "publicAccessBlock")
    return try await setting(
      call, root: "PublicAccessBlockConfiguration", content: "BlockPublicAcls"
    ).map { S3PublicAccessBlock($0.root) }
  }

  /// Sets the bucket's own part of Block Public Access.
  public func putPublicAccessBlock(_ bucket: String, _ block: S3PublicAccessBlock) async throws {
    _ = try await send(
      .put(
        "PutPublicAccessBlock", bucket, "publicAccessBlock",
        XMLWriter.document("PublicAccessBlockConfiguration", block.xml)))
  }

  /// The bucket's CORS rules; nil when unset.
  public func cors(_ bucket: String) async throws -> [S3CORSRule]? {
    try await setting(
      .get("GetBucketCors", bucket, "cors"), root: "CORSConfiguration", content: "CORSRule")?
      .root.all("CORSRule").map(S3CORSRule.init)
  }

  /// Replaces all CORS rules of the bucket.
  public func putCORS(_ bucket: String, _ rules: [S3CORSRule]) async throws {
    let bytes = XMLWriter.document("CORSConfiguration", rules.map(\.xml).joined())
    _ = try await send(.put("PutBucketCors", bucket, "cors", bytes))
  }

  /// Removes all CORS rules of the bucket: S3 accepts no empty list.
  public func deleteCORS(_ bucket: String) async throws {
    _ = try await send(
      S3Call(operation: "DeleteBucketCors", method: "DELETE", bucket: bucket, query: [("cors", nil)]))
  }

  /// The bucket's lifecycle rules; nil when unset.
  public func lifecycle(_ bucket: String) async throws -> [S3LifecycleRule]? {
    let call = S3Call.get("GetBucketLifecycleConfiguration", bucket, "lifecycle")
    guard let answer = try await setting(call, root: "LifecycleConfiguration", content: "Rule")
    else { return nil }
    return answer.root.all("Rule").map { rule in
      // Bytes with a namespace prefix mean nothing outside the document that declares the prefix.
      let xml =
        rule.hasPrefixes
        ? XMLWriter.element(rule) : String(decoding: answer.response.body[rule.range], as: UTF8.self)
      return S3LifecycleRule(id: rule.value("ID"), xml: xml)
    }
  }

  /// Replaces all lifecycle rules: read, merge and write, so that other people's rules survive.
  public func putLifecycle(_ bucket: String, _ rules: [S3LifecycleRule]) async throws {
    let bytes = XMLWriter.document("LifecycleConfiguration", rules.map(\.xml).joined())
    _ = try await send(.put("PutBucketLifecycleConfiguration", bucket, "lifecycle", bytes))
  }

  /// The bucket's tags; nil when unset.
  public func tagging(_ bucket: String) async throws -> [String: String]? {
    guard
      let root = try await setting(.get("GetBucketTagging", bucket, "tagging"), root: "Tagging", content: "TagSet")?
        .root
    else { return nil }
    let tags = root.child("TagSet")?.all("Tag") ?? []
    return Dictionary(tags.map { ($0.value("Key") ?? "", $0.value("Value") ?? "") }) { $1 }
  }

  /// Replaces all tags of the bucket.
  public func putTagging(_ bucket: String, _ tags: [String: String]) async throws {
    let set = tags.sorted { $0.key < $1.key }.map {
      "<Tag>\(XMLWriter.element("Key", $0.key))\(XMLWriter.element("Value", $0.value))</Tag>"
    }
    let bytes = XMLWriter.document("Tagging", "<TagSet>\(set.joined())</TagSet>")
    _ = try await send(.put("PutBucketTagging", bucket, "tagging", bytes))
  }

  /// The bucket's policy as JSON text; nil when unset.
  public func policy(_ bucket: String) async throws -> String? {
    let call = S3Call.get("GetBucketPolicy", bucket, "policy")
    guard let response = try await settingAnswer(call.answeredWithDocument) else { return nil }
    // A policy is JSON that contains statements; XML is the answer to another request.
    let isPolicy = String(decoding: response.body, as: UTF8.self).contains(#""Statement""#)
    guard isPolicy || response.isOfS3 || !response.body.isEmpty && endpoint.ownBase != nil else {
      throw await notOurs(call, response, cause: "no policy")
    }
    if let root = try? XMLReader.read(response.body) { throw await answerToAnother("<\(root.name)>", call, response) }
    if response.body.isEmpty { throw await answerToAnother("nothing", call, response) }
    // Otherwise any text would be merged with ours and written back.
    if !isPolicy {
      guard await isItself(call, response) else { throw await notOurs(call, response, cause: "no policy") }
    }
    return String(decoding: response.body, as: UTF8.self)
  }

  /// Replaces the bucket's policy.
  public func putPolicy(_ bucket: String, json: String) async throws {
    _ = try await send(.put("PutBucketPolicy", bucket, "policy", Array(json.utf8), type: "application/json"))
  }
}

extension ProviderError {
  fileprivate var isUnknownLocation: Bool {
    let codes = ["InvalidLocationConstraint", "IllegalLocationConstraintException", "IllegalLocationConstraint"]
    return status == 400 && code.map(codes.contains) == true
  }
}
