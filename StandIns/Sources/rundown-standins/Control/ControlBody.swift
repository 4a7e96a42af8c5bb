import FoundationEssentials

/// Reads requests to the control API: a misspelt field is an error, never ignored.
enum ControlBody {
  static func members(_ request: Request, allowed: [String]) throws(ControlError) -> [String: JSONValue] {
    guard let members = request.json?.object else { throw .bad("the body must be a JSON object") }
    if let unknown = members.keys.sorted().first(where: { !allowed.contains($0) }) {
      throw .bad("unknown field \"\(unknown)\": there are \(allowed.joined(separator: ", "))")
    }
    return members
  }

  static func decode<Value: Decodable>(_ members: [String: JSONValue]) throws(ControlError) -> Value {
    do {
      return try JSONDecoder().decode(Value.self, from: JSONEncoder().encode(JSONValue.object(members)))
    } catch DecodingError.keyNotFound(let key, _) {
      throw .bad("the field \"\(key.stringValue)\" is missing")
    } catch DecodingError.dataCorrupted(let context) {
      throw .bad("the field \"\(context.codingPath.last?.stringValue ?? "")\" has a value that is not known")
    } catch DecodingError.typeMismatch(_, let context) {
      throw .bad("the field \"\(context.codingPath.last?.stringValue ?? "")\" has the wrong type")
    } catch {
      throw .bad("the body could not be read")
    }
  }
}

extension JSONValue {
  /// An encodable value as JSON.
  static func of(_ value: some Encodable) -> JSONValue? {
    (try? JSONEncoder().encode(value)).flatMap { try? JSONDecoder().decode(JSONValue.self, from: $0) }
  }
}

extension Fault {
  static func read(_ request: Request) throws(ControlError) -> Fault {
    let members = try ControlBody.members(request, allowed: CodingKeys.allCases.map(\.rawValue))
    return try ControlBody.decode(members)
  }
}

extension Encodable where Self: Decodable {
  /// These settings with the fields that the body of `request` names.
  func patched(by request: Request) throws(ControlError) -> Self {
    let old = JSONValue.of(self)?.object ?? [:]
    let changes = try ControlBody.members(request, allowed: old.keys.sorted())
    return try ControlBody.decode(old.merging(changes) { _, new in new })
  }
}
