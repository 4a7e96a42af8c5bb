import HTTPTypes
import Hummingbird

extension Answer {
  /// The answer as it goes over the wire.
  func response(malformed: Bool = false, shuffledBy random: inout SeededRandom) -> Response {
    var headers = HTTPFields()
    for (name, value) in self.headers {
      if let name = HTTPField.Name(name) { headers[name] = value }
    }
    let text: String
    switch body {
    case .none:
      return Response(status: .init(code: status), headers: headers)
    case .json(let value):
      headers[.contentType] = "application/json; charset=UTF-8"
      let whole = value.text(shuffledBy: &random)
      // Half a document is what a client sees when a proxy loses its upstream in the middle of a body.
      text = malformed ? String(whole.prefix(whole.count / 2)) : whole
    case .passedOn(let fields, let bytes):
      return Response(
        status: .init(code: status), headers: fields,
        body: bytes.isEmpty ? .init() : .init(byteBuffer: ByteBuffer(bytes: bytes)))
    case .text(let plain, let contentType):
      headers[.contentType] = contentType
      text = plain
    }
    return Response(status: .init(code: status), headers: headers, body: .init(byteBuffer: ByteBuffer(string: text)))
  }
}
