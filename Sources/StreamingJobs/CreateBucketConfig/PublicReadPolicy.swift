import JobQueue

/// A bucket's policy with one statement of ours: everyone may read objects. Statements of others stay as they are.
struct PublicReadPolicy {
  private static let sid = "RundownPublicRead"

  private var policy: JSONValue
  private var statements: [JSONValue]
  private let bucket: String

  /// - Parameter json: the policy in force; nil when there is none.
  /// - Throws: when it is no JSON.
  init(json: String?, bucket: String) throws {
    self.bucket = bucket
    policy =
      try json.map { try JSONText.decode(JSONValue.self, from: $0) } ?? .object(["Version": .string("2012-10-17")])
    statements =
      switch policy["Statement"] {
      case .array(let list): list
      case .object(let one): [.object(one)]
      default: []
      }
  }

  /// Whether our statement says what it must, in any spelling of "everyone".
  var isThere: Bool {
    statements.contains { statement in
      statement["Sid"] == .string(Self.sid) && statement["Effect"] == .string("Allow")
        && Self.isEveryone(statement["Principal"]) && Self.has(statement["Action"], "s3:GetObject")
        && Self.has(statement["Resource"], resource)
    }
  }

  /// The policy with our statement in it, as JSON text.
  func merged() throws -> String {
    let ours: JSONValue = .object([
      "Sid": .string(Self.sid), "Effect": .string("Allow"), "Principal": .string("*"),
      "Action": .string("s3:GetObject"), "Resource": .string(resource),
    ])
    var whole = policy
    whole["Statement"] = .array(statements.filter { $0["Sid"] != .string(Self.sid) } + [ours])
    return try JSONText.encode(whole)
  }

  private var resource: String { "arn:aws:s3:::\(bucket)/*" }

  private static func isEveryone(_ principal: JSONValue?) -> Bool {
    principal == .string("*") || has(principal?["AWS"], "*")
  }

  private static func has(_ value: JSONValue?, _ word: String) -> Bool {
    if case .array(let list)? = value { return list == [.string(word)] }
    return value == .string(word)
  }
}
