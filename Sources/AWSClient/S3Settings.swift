/// The four switches of Block Public Access. On AWS, a new bucket has all of them on.
public struct S3PublicAccessBlock: Sendable, Hashable {
  /// PUTs with a public ACL are refused.
  public var blockPublicACLs: Bool
  /// Public ACLs have no effect.
  public var ignorePublicACLs: Bool
  /// A public policy is refused.
  public var blockPublicPolicy: Bool
  /// A public policy only works for the bucket's own account.
  public var restrictPublicBuckets: Bool

  /// Creates the four switches.
  public init(
    blockPublicACLs: Bool, ignorePublicACLs: Bool, blockPublicPolicy: Bool, restrictPublicBuckets: Bool
  ) {
    self.blockPublicACLs = blockPublicACLs
    self.ignorePublicACLs = ignorePublicACLs
    self.blockPublicPolicy = blockPublicPolicy
    self.restrictPublicBuckets = restrictPublicBuckets
  }

  init(_ root: XMLElement) {
    self.init(
      blockPublicACLs: root.value("BlockPublicAcls") == "true",
      ignorePublicACLs: root.value("IgnorePublicAcls") == "true",
      blockPublicPolicy: root.value("BlockPublicPolicy") == "true",
      restrictPublicBuckets: root.value("RestrictPublicBuckets") == "true")
  }

  var xml: String {
    XMLWriter.element("BlockPublicAcls", "\(blockPublicACLs)")
      + XMLWriter.element("IgnorePublicAcls", "\(ignorePublicACLs)")
      + XMLWriter.element("BlockPublicPolicy", "\(blockPublicPolicy)")
      + XMLWriter.element("RestrictPublicBuckets", "\(restrictPublicBuckets)")
  }
}

/// One CORS rule; the first that matches wins.
public struct S3CORSRule: Sendable, Hashable {
  /// The rule's id.
  public var id: String?
  /// Origins, with at most one `*` each.
  public var allowedOrigins: [String]
  /// GET, PUT, HEAD, POST, DELETE.
  public var allowedMethods: [String]
  /// Request headers that a preflight may ask for.
  public var allowedHeaders: [String]
  /// Answer headers that a script may read.
  public var exposeHeaders: [String]
  /// How long a browser may keep the preflight's answer, in seconds.
  public var maxAgeSeconds: Int?

  /// Creates a rule.
  public init(
    id: String? = nil, allowedOrigins: [String], allowedMethods: [String], allowedHeaders: [String] = [],
    exposeHeaders: [String] = [], maxAgeSeconds: Int? = nil
  ) {
    self.id = id
    self.allowedOrigins = allowedOrigins
    self.allowedMethods = allowedMethods
    self.allowedHeaders = allowedHeaders
    self.exposeHeaders = exposeHeaders
    self.maxAgeSeconds = maxAgeSeconds
  }

  init(_ rule: XMLElement) {
    self.init(
      id: rule.value("ID"), allowedOrigins: rule.all("AllowedOrigin").map(\.text),
      allowedMethods: rule.all("AllowedMethod").map(\.text), allowedHeaders: rule.all("AllowedHeader").map(\.text),
      exposeHeaders: rule.all("ExposeHeader").map(\.text), maxAgeSeconds: rule.value("MaxAgeSeconds").flatMap(Int.init))
  }

  /// Whether both mean the same, whatever their ids: nothing in a rule has an order, and names of headers have no case.
  public func means(_ other: S3CORSRule) -> Bool {
    let headers = { (names: [String]) in Set(names.map { $0.lowercased() }) }
    return Set(allowedOrigins) == Set(other.allowedOrigins) && Set(allowedMethods) == Set(other.allowedMethods)
      && headers(allowedHeaders) == headers(other.allowedHeaders)
      && headers(exposeHeaders) == headers(other.exposeHeaders) && maxAgeSeconds == other.maxAgeSeconds
  }

  var xml: String {
    var content = id.map { XMLWriter.element("ID", $0) } ?? ""
    content += allowedOrigins.map { XMLWriter.element("AllowedOrigin", $0) }.joined()
    content += allowedMethods.map { XMLWriter.element("AllowedMethod", $0) }.joined()
    content += allowedHeaders.map { XMLWriter.element("AllowedHeader", $0) }.joined()
    content += exposeHeaders.map { XMLWriter.element("ExposeHeader", $0) }.joined()
    content += maxAgeSeconds.map { XMLWriter.element("MaxAgeSeconds", String($0)) } ?? ""
    return "<CORSRule>\(content)</CORSRule>"
  }
}

/// One lifecycle rule, kept as the bytes that S3 sent wherever they can stand alone, so that other people's rules
/// survive a merge unchanged.
public struct S3LifecycleRule: Sendable, Hashable {
  /// The rule's id.
  public var id: String?
  /// The whole `<Rule>` element.
  public var xml: String

  /// A rule as S3 sent it.
  public init(id: String?, xml: String) {
    self.id = id
    self.xml = xml
  }

  /// The content of the rule, as `Element/Element=text`, sorted: equal for rules that mean the same, however servers
  /// order and indent them. Elements without text do not count. Empty for bytes that are not a rule.
  public var facts: [String] {
    (try? XMLReader.read(Array(xml.utf8))).map { Self.facts(of: $0, path: "").sorted() } ?? []
  }

  /// Whether both mean the same, whatever their ids: a server may keep none, or assign its own.
  public func means(_ other: S3LifecycleRule) -> Bool {
    let others = { (rule: S3LifecycleRule) in rule.facts.filter { !$0.hasPrefix("ID=") } }
    return others(self) == others(other)
  }

  private static func facts(of element: XMLElement, path: String) -> [String] {
    element.children.flatMap { child in
      let text = child.text.drop { $0.isWhitespace }
      let own = child.children.isEmpty && !text.isEmpty ? ["\(path)\(child.name)=\(text)"] : []
      return own + facts(of: child, path: "\(path)\(child.name)/")
    }
  }

  /// Aborts multipart uploads that were not completed within this many days.
  public static func abortIncompleteUploads(id: String, afterDays days: Int) -> S3LifecycleRule {
    let xml =
      "<Rule>\(XMLWriter.element("ID", id))<Filter><Prefix></Prefix></Filter><Status>Enabled</Status>"
      + "<AbortIncompleteMultipartUpload><DaysAfterInitiation>\(days)</DaysAfterInitiation>"
      + "</AbortIncompleteMultipartUpload></Rule>"
    return S3LifecycleRule(id: id, xml: xml)
  }
}

/// What HeadBucket returns.
public struct S3BucketHead: Sendable, Hashable {
  /// The bucket's region, if the server names it.
  public var region: String?
}
