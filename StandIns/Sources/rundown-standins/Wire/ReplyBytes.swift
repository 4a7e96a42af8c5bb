import HTTPTypes

extension Reply {
  /// The answer as it is sent.
  func response(malformed: Bool = false, shuffledBy random: inout SeededRandom) -> Response {
    var fields = HTTPFields()
    for (name, value) in headers {
      if let name = HTTPField.Name(name) { fields[name] = value }
    }
    switch body {
    case .none:
      return Response(status, fields)
    case .json(let value):
      fields[.contentType] = "application/json; charset=UTF-8"
      let whole = value.text(shuffledBy: &random)
      // A client gets half a document if a proxy loses its upstream in the middle of a body.
      return Response(status, fields, body: Array((malformed ? String(whole.prefix(whole.count / 2)) : whole).utf8))
    case .text(let plain, let contentType):
      fields[.contentType] = contentType
      return Response(status, fields, body: Array(plain.utf8))
    case .passedOn(let fields, let bytes):
      return Response(status, fields, body: bytes)
    }
  }
}
