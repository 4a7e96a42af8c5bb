import Testing

@testable import HTTPTransport

@Suite("URLs as they are shown and judged")
struct ShownURLTests {
  @Test(
    "User info, query, fragment and control characters are not shown",
    arguments: [
      ("https://h:1/a/b", "https://h:1/a/b"),
      ("https://u:p@h/a?q=1#f", "https://h/a"),
      ("https://u:p@q@h/a", "https://h/a"),
      ("https://h/a@b", "https://h/a@b"),
      ("https://h?u@x", "https://h"),
      ("u:p@h/a", "h/a"),
      ("u:p@h", "h"),
      ("https://h/a\r\nb", "https://h/a??b"),
      ("https://u:p\r\n@h/", "https://h/"),
      ("", ""),
    ])
  func shown(url: String, expected: String) {
    #expect(ShownURL(url).description == expected)
  }

  @Test(
    "Loopback hosts are recognised by name and address, and nothing that only looks like one",
    arguments: [
      ("http://localhost/", true), ("http://LOCALHOST:80/", true), ("http://a.localhost/", true),
      ("http://127.0.0.1:8087/x", true), ("https://127.1.2.3/", true), ("http://[::1]:80/", true),
      ("http://127.example.com/", false), ("http://127.0.0.1.example.com/", false), ("http://mylocalhost/", false),
      ("http://128.0.0.1/", false), ("http://[::2]/", false), ("http://h/localhost", false),
      ("http://h?127.0.0.1", false),
    ])
  func loopback(url: String, expected: Bool) {
    #expect(LoopbackHost.isAddressed(by: url) == expected)
  }
}
