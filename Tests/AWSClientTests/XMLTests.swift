import Testing

@testable import AWSClient

@Suite struct XMLTests {
  @Test("Elements, text, entities, CDATA, comments and namespaces are read")
  func reads() throws {
    let text = "<?xml version='1.0'?><n:A xmlns:n=\"x>y\"><B>a&amp;&#x41;<![CDATA[<c>]]></B><!-- - --><B/></n:A>\n"
    let root = try XMLReader.read(Array(text.utf8))
    #expect(root.name == "A")
    #expect(root.all("B").map(\.text) == ["a&A<c>", ""])
  }

  @Test(
    "Garbage gives an error and no answer",
    arguments: [
      "", "<", "<a", "<a>", "<a></b>", "<a b></a>", "<a b=c/>", "<a>&nope;</a>", "<a>&#xFFFFFFFF;</a>", "<a/><b/>",
      "<a><![CDATA[x]]</a>", "<!DOCTYPE a><a/>", "<html><br></html>", "plain", "<a><![CDATA[]>]]", "<::/>x",
    ])
  func garbage(_ text: String) {
    #expect(throws: XMLError.self) { try XMLReader.read(Array(text.utf8)) }
  }

  @Test("Every cut of a document is refused and none crashes")
  func cuts() {
    let bytes = Array("<a x='1'><b>t&lt;</b><![CDATA[q]]><!--c--></a>".utf8)
    for end in 0..<bytes.count {
      #expect(throws: XMLError.self) { try XMLReader.read(Array(bytes[..<end])) }
    }
  }

  @Test("Nesting beyond the bound is refused")
  func depth() {
    let text = String(repeating: "<a>", count: 33) + String(repeating: "</a>", count: 33)
    #expect(throws: XMLError.self) { try XMLReader.read(Array(text.utf8)) }
  }

  @Test("What is written is read back")
  func roundTrip() throws {
    let text = "a<b>&\"c'\r\n\u{e9}"
    let root = try XMLReader.read(XMLWriter.document("R", XMLWriter.element("T", text)))
    #expect(root.value("T") == text)
  }
}
