import Testing

@testable import AWSClient

@Suite struct AWSConfigurationFileTests {
  private func sections(_ text: String) -> [String: [String: String]] {
    AWSConfigurationFile(Array(text.utf8)).sections
  }

  @Test("Sections, keys without case, comments, blanks, Windows line ends and a byte order mark are read")
  func reads() {
    let text =
      "\u{feff}# all\r\n[default]\r\nAWS_Access_Key_Id = A#1 ; why\r\n; no\r\naws_secret_access_key=b=c/+d==\r\n"
      + "[ profile   \"two words\" ]\r\nregion\t=\teu-west-1\t# here\r\n"
    #expect(
      sections(text) == [
        "default": ["aws_access_key_id": "A#1", "aws_secret_access_key": "b=c/+d=="],
        "profile two words": ["region": "eu-west-1"],
      ])
  }

  @Test("Indented settings of a block are not taken for the profile's, wherever the keys themselves begin")
  func nested() {
    let mine = ["a": ["s3": "", "region": "mine"]]
    for text in [
      "[a]\ns3 =\n  region = nested\nregion = mine\n", "[a]\nregion = mine\ns3 =\n  region = nested\n",
      "[a]\n  s3 =\n    region = nested\n  region = mine\n", "[a]\n\tregion = mine\n\ts3 =\n\t\tregion = nested\n",
    ] {
      #expect(sections(text) == mine)
    }
  }

  @Test("A section that comes twice is one, and a later value goes before an earlier")
  func twice() {
    #expect(sections("[a]\nx=1\ny=1\n[b]\n[a]\nx=2\n") == ["a": ["x": "2", "y": "1"], "b": [:]])
  }

  @Test("Lines that mean nothing are skipped, and a broken header keeps its lines out of the section before")
  func tolerant() {
    #expect(sections("x=0\n[a]\nwhat\n=1\nx=1\n[broken\nx=2\n") == ["a": ["x": "1"]])
    #expect(sections("[a] trailing\nx=1") == ["a": ["x": "1"]])
    #expect(sections("\u{0}\u{1}]][[===\n[]\n[\n]") == ["": [:]])
  }
}
