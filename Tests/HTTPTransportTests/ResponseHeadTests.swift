import Testing

@testable import HTTPTransport

@Suite("The head of an answer")
struct ResponseHeadTests {
  private func head(_ lines: [String]) -> (head: ResponseHead, isTaken: Bool) {
    var head = ResponseHead()
    var isTaken = true
    for line in lines {
      isTaken = Array((line + "\r\n").utf8).withUnsafeBytes { head.take($0) } && isTaken
    }
    return (head, isTaken)
  }

  @Test("Fields keep their order and lose the blanks around them")
  func fields() {
    let (head, _) = head(["HTTP/1.1 200 OK", "B:  2 \t", "a:1", "B: x: y", "E:", ""])
    #expect(head.status == 200)
    #expect(head.headers.map { "\($0.name)=\($0.value)" } == ["B=2", "a=1", "B=x: y", "E="])
    #expect(head.isComplete)
  }

  @Test("Only the last of several heads counts")
  func interim() {
    let (head, _) = head(["HTTP/1.1 100 Continue", "X: 1", "", "HTTP/2 404", "Y: 2"])
    #expect(head.status == 404)
    #expect(head.headers.map(\.name) == ["Y"])
    #expect(!head.isComplete)
  }

  @Test("A folded line continues its field, and a first line that is folded belongs to none")
  func folded() {
    let (head, _) = head(["HTTP/1.1 200", " lost", "A: 1", "\t 2", ""])
    #expect(head.headers.map(\.value) == ["1 2"])
  }

  @Test("Trailers after the head are no fields of it")
  func trailers() {
    let (head, _) = head(["HTTP/1.1 200", "", "X: 1"])
    #expect(head.headers.isEmpty)
  }

  @Test("A head beyond its bounds is refused, in fields and in bytes")
  func bounds() {
    let most = (0..<ResponseHead.mostFields).map { "X\($0): 1" }
    #expect(head(["HTTP/1.1 200"] + most.dropLast() + [""]).isTaken)
    #expect(!head(["HTTP/1.1 200"] + most + ["One: more"]).isTaken)
    #expect(!head(["HTTP/1.1 200", "X: " + String(repeating: "x", count: ResponseHead.mostBytes)]).isTaken)
  }

  @Test("A status that is no number is no success", arguments: ["HTTP/1.1", "HTTP/1.1 abc", "HTTP/"])
  func noStatus(line: String) {
    #expect(head([line, ""]).head.status == 0)
  }
}
