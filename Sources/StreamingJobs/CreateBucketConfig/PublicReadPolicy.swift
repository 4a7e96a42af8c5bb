import JobQueue

/// A bucket's policy with one statement of ours: everyone may read objects. Other statements stay as they are.
struct PublicReadPolicy {
  private static let sid = "RundownPublicRead"
  private static let fields: Set = ["Sid", "Effect", "Principal", "Action", "Resource"]

  private var policy: JSONValue
  private var statements: [JSONValue]
  private let resource: String

  /// - Parameters:
  ///   - json: the current policy; nil if there is none.
  ///   - partition: that of the bucket's region; S3 refuses names of other partitions.
  /// - Throws: if it is not JSON.
  init(json: String?, bucket: String, partition: String) throws {
    resource = "arn:\(partition):s3:::\(bucket)/*"
    policy =
      try json.map { try JSONText.decode(JSONValue.self, from: $0) } ?? .object(["Version": .string("2012-10-17")])
    statements =
      switch policy["Statement"] {
      case .array(let list): list
      case .object(let one): [.object(one)]
      default: []
      }
  }

  /// Whether our statement says exactly what it must, with any notation for "everyone". A condition, for example, would
  /// let fewer people read than requested.
  var isThere: Bool {
    let ours = statements.filter { $0["Sid"] == .string(Self.sid) }
    // A server may store no statement ids, or ids of its own.
    return ours.isEmpty ? statements.contains(where: isAsAsked) : ours.allSatisfy(isAsAsked)
  }

  private func isAsAsked(_ statement: JSONValue) -> Bool {
    guard case .object(let fields) = statement else { return false }
    // Empty elements are ignored, such as a condition without conditions.
    let told = fields.filter { $0.key != "Sid" && ![.null, .object([:]), .array([])].contains($0.value) }
    return Set(told.keys) == Self.fields.subtracting(["Sid"]) && fields["Effect"] == .string("Allow")
      && Self.isEveryone(fields["Principal"]) && Self.has(fields["Action"], "s3:GetObject")
      && Self.has(fields["Resource"], resource)
  }

  /// The required content of our statement, in words.
  var wanted: String { Self.words(ours) }

  /// The content of our statement, in words; nil if it is missing.
  var found: String? {
    let found = statements.filter { $0["Sid"] == .string(Self.sid) }
    return found.isEmpty ? nil : found.map(Self.words).joined(separator: "; ")
  }

  /// The policy with our statement in it, as JSON text.
  func merged() throws -> String {
    var whole = policy
    whole["Statement"] = .array(statements.filter { $0["Sid"] != .string(Self.sid) } + [ours])
    return try JSONText.encode(whole)
  }

  private var ours: JSONValue {
    .object([
      "Sid": .string(Self.sid), "Effect": .string("Allow"), "Principal": .string("*"),
      "Action": .string("s3:GetObject"), "Resource": .string(resource),
    ])
  }

  /// The value of a condition may be a secret, such as a referrer that only players know, so only its name is shown.
  private static func words(_ statement: JSONValue) -> String {
    guard case .object(let fields) = statement else { return "not an object" }
    return fields.keys.sorted().filter { $0 != "Sid" }.map { name in
      guard Self.fields.contains(name), let value = fields[name], let text = try? JSONText.encode(value) else {
        return "a \(name)"
      }
      return "\(name)=\(text)"
    }.joined(separator: ", ")
  }

  private static func isEveryone(_ principal: JSONValue?) -> Bool {
    principal == .string("*") || has(principal?["AWS"], "*") || has(principal?["*"], "*")
  }

  private static func has(_ value: JSONValue?, _ word: String) -> Bool {
    if case .array(let list)? = value { return list == [.string(word)] }
    return value == .string(word)
  }
}
